package com.sharestack.users;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sharestack.platform.db.SeedData;
import com.sharestack.platform.embedded.Endpoints;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsersSeedTest {

  /** Each has the password of the README, and what registration would have made. */
  @Test
  void everyDemoAccountLogsIn() {
    try (UsersNode users = new UsersNode("users_seed")) {
      var config = users.node.config();
      Endpoints endpoints = Endpoints.ofMysqlUrl(config.mysql().url(), config.redis().url());
      new SeedData(endpoints, warning -> {}).apply((done, of) -> {});
      for (String name : List.of("admin", "linzhiyuan", "suwanqing", "chenyibai", "xiaoming")) {
        var user =
            users
                .login(
                    UsersNode.anybody().build(), name + "@demo.sharestack.local", "ShareStack@2026")
                .user();
        assertEquals(name, user.username());
        assertTrue(user.hasPassword() && user.emailVerified());
      }
      assertEquals(
          List.of("user", "admin"),
          users.login(UsersNode.anybody().build(), "admin", "ShareStack@2026").user().roles());
      assertEquals(
          0,
          users.count(
              """
              SELECT COUNT(*) FROM user_counts c
              WHERE c.followers <> (SELECT COUNT(*) FROM follows f WHERE f.following_id = c.user_id)
                OR c.following <> (SELECT COUNT(*) FROM follows f WHERE f.follower_id = c.user_id)
              """));
    }
  }
}
