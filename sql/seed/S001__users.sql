-- Demo accounts; every password is ShareStack@2026 (bcrypt, cost 12, of base64(SHA-384(password))).
INSERT INTO users (user_id, user_type, username, username_key, email, email_key, password_hash, password_changed_at,
  email_verified, is_verified, kyc_level, created_at, updated_at) VALUES
  (1001, 'reader', 'admin', 'admin', 'admin@demo.sharestack.local', 'admin@demo.sharestack.local',
   '$2a$12$RPiCGwzbRaZp6FhkURwg5.SpLCd0Hd.POp/ogyOd0xQlrlYOjuk7K', '2026-09-01 02:00:00', 1, 0, 0, '2026-09-01 02:00:00', '2026-09-01 02:00:00'),
  (1002, 'creator', 'linzhiyuan', 'linzhiyuan', 'linzhiyuan@demo.sharestack.local', 'linzhiyuan@demo.sharestack.local',
   '$2a$12$RPiCGwzbRaZp6FhkURwg5.SpLCd0Hd.POp/ogyOd0xQlrlYOjuk7K', '2026-09-02 03:20:00', 1, 1, 0, '2026-09-02 03:20:00', '2026-09-08 06:00:00'),
  (1003, 'creator', 'suwanqing', 'suwanqing', 'suwanqing@demo.sharestack.local', 'suwanqing@demo.sharestack.local',
   '$2a$12$RPiCGwzbRaZp6FhkURwg5.SpLCd0Hd.POp/ogyOd0xQlrlYOjuk7K', '2026-09-03 05:45:00', 1, 1, 0, '2026-09-03 05:45:00', '2026-09-09 08:30:00'),
  (1004, 'creator', 'chenyibai', 'chenyibai', 'chenyibai@demo.sharestack.local', 'chenyibai@demo.sharestack.local',
   '$2a$12$RPiCGwzbRaZp6FhkURwg5.SpLCd0Hd.POp/ogyOd0xQlrlYOjuk7K', '2026-09-15 11:10:00', 1, 0, 0, '2026-09-15 11:10:00', '2026-09-15 11:10:00'),
  (1005, 'reader', 'xiaoming', 'xiaoming', 'xiaoming@demo.sharestack.local', 'xiaoming@demo.sharestack.local',
   '$2a$12$RPiCGwzbRaZp6FhkURwg5.SpLCd0Hd.POp/ogyOd0xQlrlYOjuk7K', '2026-09-20 12:00:00', 1, 0, 0, '2026-09-20 12:00:00', '2026-09-20 12:00:00');

INSERT INTO user_profiles (user_id, display_name, bio, location, website, social_github, subscription_description, updated_at) VALUES
  (1001, '平台管理员', '负责社区秩序与创作者服务。', NULL, NULL, NULL, NULL, '2026-09-01 02:00:00'),
  (1002, '林知远', '十五年后端工程师，写分布式系统、数据库与工程实践。把复杂的事讲清楚，是我理解它的方式。', '上海',
   'https://linzhiyuan.example.com', 'linzhiyuan', '每周两篇深度技术长文，附可运行的示例代码。', '2026-09-08 06:00:00'),
  (1003, '苏晚晴', '财经作者，前券商研究员。关注普通家庭的资产配置与风险。', '杭州', NULL, NULL,
   '每周市场观察与家庭理财专栏。', '2026-09-09 08:30:00'),
  (1004, '陈一白', '摄影与旅行随笔，正在学习如何慢下来。', '成都', NULL, NULL, NULL, '2026-09-15 11:10:00'),
  (1005, '小明', '热爱阅读的产品经理。', '北京', NULL, NULL, NULL, '2026-09-20 12:00:00');

INSERT INTO user_privacy (user_id, updated_at)
  SELECT user_id, created_at FROM users WHERE user_id BETWEEN 1001 AND 1005;

INSERT INTO user_preferences (user_id, updated_at)
  SELECT user_id, created_at FROM users WHERE user_id BETWEEN 1001 AND 1005;

INSERT INTO user_terms (user_id, terms_version, accepted_at)
  SELECT user_id, '2026-09', created_at FROM users WHERE user_id BETWEEN 1001 AND 1005;

INSERT INTO password_history (user_id, password_hash, created_at)
  SELECT user_id, password_hash, created_at FROM users WHERE user_id BETWEEN 1001 AND 1005;

INSERT INTO user_roles (user_id, role, granted_at) VALUES (1001, 'admin', '2026-09-01 02:00:00');

INSERT INTO follows (follower_id, following_id, created_at) VALUES
  (1005, 1002, '2026-09-20 12:30:00'),
  (1005, 1003, '2026-09-21 01:15:00'),
  (1004, 1002, '2026-09-22 09:00:00');

INSERT INTO user_counts (user_id, followers, following) VALUES
  (1001, 0, 0), (1002, 2, 0), (1003, 1, 0), (1004, 0, 1), (1005, 0, 2);
