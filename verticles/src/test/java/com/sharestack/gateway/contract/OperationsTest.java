package com.sharestack.gateway.contract;

import static com.sharestack.gateway.contract.Fixtures.json;
import static com.sharestack.gateway.contract.Fixtures.object;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sharestack.gateway.contract.Operation.Auth;
import com.sharestack.gateway.contract.Operation.MetaRule;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OperationsTest {
  private static final String CONTRACT =
      """
      {'paths':{
        '/users/{id}/posts':{
          'parameters':[{'name':'id','in':'path','required':true,'schema':{'type':'integer','minimum':1}}],
          'get':{'operationId':'user_posts.list_all','tags':['content'],'x-auth':'optional','x-permission':'content:manage',
            'x-rate':{'limit':60,'window':3600,'per':'user','fail':'closed'},'x-cache':{'scope':'public','max_age':5},
            'x-meta':{'pagination':'move'},'x-timing':'steady',
            'parameters':[
              {'$ref':'#/components/parameters/Page'},
              {'name':'draft','in':'query','schema':{'type':'boolean','default':false}},
              {'name':'price','in':'query','schema':{'type':'number','format':'money'}},
              {'name':'ids','in':'query','style':'form','explode':false,'schema':{'type':'array','maxItems':3,'items':{'type':'integer'}}},
              {'name':'tag','in':'query','schema':{'type':'array','items':{'type':'string'}}},
              {'name':'X-Trace','in':'header','schema':{'type':'string'}}],
            'responses':{'200':{},'404':{}}},
          'post':{'operationId':'uploads.multipart.init','tags':['content'],'x-auth':'user','x-idempotent':true,
            'x-alternate-status':200,'x-meta':{'replayed':'status'},
            'requestBody':{'required':true,'content':{'application/json':{'schema':{'$ref':'#/components/schemas/New'}}}},
            'responses':{'200':{},'201':{}}}},
        '/files':{'post':{'operationId':'files.put','tags':['content'],'x-auth':'user','x-handler':'raw',
            'requestBody':{'required':true,'content':{'multipart/form-data':{'schema':{}}}},'responses':{'302':{}}}},
        '/internal/cards/many':{'post':{'operationId':'cards.many','tags':['users'],'x-internal':true,
            'requestBody':{'content':{'application/json':{'schema':{'$ref':'#/components/schemas/New'}}}},'responses':{'200':{}}}}},
       'components':{
        'parameters':{'Page':{'name':'page','in':'query','schema':{'type':'integer','minimum':1,'default':1}}},
        'schemas':{'New':{'type':'object','required':['title'],'properties':{'title':{'type':'string','minLength':1},
           'kind':{'$ref':'#/components/schemas/Kind','x-message':'请选择类型'}}},
          'Kind':{'type':'string','enum':['a','b'],'default':'b'}}}}
      """;

  private static final Operations OPERATIONS = Operations.load(object(CONTRACT));

  private static Operation operation(String id) {
    return OPERATIONS.find(id).orElseThrow();
  }

  /** Arguments of the list operation for a query, or the fields and reasons of its problems. */
  private static Object list(Map<String, List<String>> query) {
    Problems problems = new Problems();
    JsonObject request =
        operation("user_posts.list_all")
            .request(
                Map.of("id", "7"),
                name -> query.getOrDefault(name, List.of()),
                Operation.NO_BODY,
                problems);
    return problems.isEmpty()
        ? request
        : problems.list().stream()
            .map(problem -> problem.field() + " " + problem.reason())
            .toList();
  }

  @Test
  void everythingTheContractSaysIsRead() {
    Operation list = operation("user_posts.list_all");
    assertEquals(
        "user_posts listAll content GET /users/{id}/posts",
        String.join(
            " ", list.address(), list.method(), list.domain(), list.httpMethod(), list.path()));
    assertEquals(Auth.OPTIONAL, list.auth());
    assertEquals("content:manage", list.permission());
    assertEquals(new Rate(60, 3600, Rate.Per.USER, "user_posts.list_all", false), list.rate());
    assertEquals(new CachePolicy(CachePolicy.Scope.PUBLIC, 5), list.cache());
    assertEquals(Map.of("pagination", MetaRule.MOVE), list.meta());
    assertEquals("steady", list.timing());
    assertEquals(200, list.status());
    assertNull(list.body());
    Operation init = operation("uploads.multipart.init");
    assertEquals("uploads.multipart init", init.address() + " " + init.method());
    assertEquals(
        List.of(201, 200, true, true),
        List.of(init.status(), init.alternateStatus(), init.idempotent(), init.bodyRequired()));
    Operation raw = operation("files.put");
    assertEquals("raw 0 null", raw.handler() + " " + raw.status() + " " + raw.body());
    assertEquals(true, operation("cards.many").internal());
  }

  @Test
  void internalOperationsAreNotRouted() {
    RouteTable table = RouteTable.of(OPERATIONS.all());
    assertEquals(new RouteTable.NotFound(), table.match("POST", "/internal/cards/many"));
    assertEquals(RouteTable.Match.class, table.match("POST", "/files").getClass());
  }

  @Test
  void parametersAreConvertedAndDefaultsFilled() {
    assertEquals(
        object("{'id':7,'page':1,'draft':false}"), list(Map.of("unknown", List.of("x", "y"))));
    assertEquals(
        object("{'id':7,'page':2,'draft':true,'price':9.90,'ids':[1,2],'tag':['x','y']}"),
        list(
            Map.of(
                "page",
                List.of("2"),
                "draft",
                List.of("true"),
                "price",
                List.of("9.9"),
                "ids",
                List.of("1,2"),
                "tag",
                List.of("x", " y"))));
    assertEquals(
        object("{'id':7,'page':1,'draft':false,'ids':[]}"), list(Map.of("ids", List.of(""))));
  }

  @Test
  void parametersAreRefusedWithTheReasonsOfBodies() {
    assertEquals(List.of("page 必须是整数"), list(Map.of("page", List.of("1.0"))));
    assertEquals(List.of("page 必须是整数"), list(Map.of("page", List.of("+1"))));
    assertEquals(List.of("page 必须是整数"), list(Map.of("page", List.of(""))));
    assertEquals(List.of("page 不能小于 1"), list(Map.of("page", List.of("-99999999999999999999"))));
    assertEquals(
        List.of("page 不能大于 9007199254740991"),
        list(Map.of("page", List.of("99999999999999999999"))));
    assertEquals(List.of("page 只能出现一次"), list(Map.of("page", List.of("1", "1"))));
    assertEquals(List.of("draft 必须是 true 或 false"), list(Map.of("draft", List.of("TRUE"))));
    assertEquals(List.of("price 必须是金额，最多两位小数"), list(Map.of("price", List.of("1e2"))));
    assertEquals(List.of("ids[1] 必须是整数"), list(Map.of("ids", List.of("1,,2"))));
    assertEquals(List.of("ids 最多允许 3 项"), list(Map.of("ids", List.of("1,2,3,4"))));
  }

  @Test
  void theBodyGoesUnderBodyOrIsMissed() {
    Operation init = operation("uploads.multipart.init");
    Problems none = new Problems();
    JsonObject request =
        init.request(Map.of("id", "7"), name -> List.of(), json("{'title':' t ','x':1}"), none);
    assertEquals(object("{'id':7,'body':{'title':'t','kind':'b'}}"), request);
    Problems problems = new Problems();
    init.request(Map.of("id", "0"), name -> List.of(), json("{'kind':'z'}"), problems);
    init.request(Map.of("id", "1"), name -> List.of(), Operation.NO_BODY, problems);
    assertEquals(
        List.of("id 不能小于 1", "title 不能为空", "kind 请选择类型", "body 不能为空"),
        problems.list().stream().map(problem -> problem.field() + " " + problem.reason()).toList());
    Problems optional = new Problems();
    JsonObject empty =
        operation("cards.many").request(Map.of(), name -> List.of(), Operation.NO_BODY, optional);
    assertEquals("{} true", empty + " " + optional.isEmpty());
  }

  @Test
  void validationDetailsAreASuperset() {
    List<Problem> problems =
        List.of(
            new Problem("/title", "title", "一"),
            new Problem("/message", "message", "二"),
            new Problem("/title", "title", "三"));
    assertEquals(
        object(
            """
            {'title':'一','message':'一','field':'title','errors':[
              {'pointer':'/title','field':'title','reason':'一'},{'pointer':'/message','field':'message','reason':'二'},
              {'pointer':'/title','field':'title','reason':'三'}]}
            """),
        ValidationDetails.of(problems));
    assertThrows(IllegalArgumentException.class, () -> ValidationDetails.of(List.of()));
  }
}
