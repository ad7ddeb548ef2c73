package com.sharestack.gateway.contract;

import static com.sharestack.gateway.contract.Fixtures.object;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the compiler does not understand stops the start-up, with a sentence for whoever wrote the
 * contract.
 */
class RefusedContractTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'string','not':{}} | keyword 'not' is not supported for type string",
        "{'type':'integer','minLength':1} | keyword 'minLength' is not supported for type integer",
        "{'type':'string','format':'ipv4'} | format 'ipv4' is not supported",
        "{'type':'string','pattern':'('} | is no pattern",
        "{'type':'string','pattern':'a','maxLength':5000} | at most 2048 characters",
        "{'type':'string','minLength':3,'maxLength':2} | 'minLength' is above 'maxLength'",
        "{'type':'string','minLength':-1} | 'minLength' must be a count",
        "{'type':'string','enum':[]} | enum lists no value",
        "{'type':'string','enum':['a',1]} | wrong type",
        "{'type':'string','x-relative':true} | x-relative is for format uri",
        "{'type':'integer','minimum':1.5} | 'minimum' of an integer",
        "{'type':'integer','minimum':5,'maximum':4} | no integer fits",
        "{'type':'integer','format':'int16'} | int32 or int64",
        "{'type':['integer','string']} | one type",
        "{'type':['number','string']} | only format money",
        "{'type':'null'} | one type",
        "{'type':'any'} | type 'any' is not supported",
        "{} | names no type",
        "{'type':'array'} | 'items' must be an object",
        "{'type':'object'} | an object has properties",
        "{'type':'object','properties':{},'additionalProperties':false} | unknown fields are always"
            + " dropped",
        "{'type':'object','x-free':true,'properties':{}} | x-free",
        "{'type':'object','required':['b'],'properties':{'a':{'type':'string'}}} | required names"
            + " 'b'",
        "{'type':'object','properties':{'a':{'type':'integer','default':'x'}}} | /properties/a: the"
            + " default breaks its own schema",
        "{'oneOf':[{'type':'string'},{'type':'integer'}]} | oneOf may only say 'this or null'",
        "{'anyOf':[{'type':'string'}]} | names no type",
        "{'$ref':'other.yaml#/X'} | does not point into this document",
        "{'$ref':'#/components/schemas/None'} | points to nothing",
        "{'$ref':'#/components/schemas/Tree'} | contains itself",
        "{'$ref':'#/components/schemas/Loop'} | circle",
        "{'$ref':'#/components/schemas/Knot'} | nested too deeply",
        "{'$ref':'#/components/schemas/Tree','maxLength':3} | cannot stand beside a $ref",
        "{'allOf':[{'type':'string'},{'type':'object','properties':{}}]} | allOf joins objects"
            + " only",
        "{'allOf':[{'properties':{'a':{'type':'string'}}},{'properties':{'a':{'type':'integer'}}}]}"
            + " | defined differently",
      })
  void anUnknownConstructIsNamedWithOperationAndPointer(String schema, String sentence) {
    JsonObject document =
        object(
            """
            {'components':{'schemas':{
              'Tree':{'type':'object','properties':{'child':{'$ref':'#/components/schemas/Tree'}}},
              'Loop':{'$ref':'#/components/schemas/Loop'},
              'Knot':{'allOf':[{'$ref':'#/components/schemas/Knot'},{'type':'object','properties':{}}]}}}}
            """);
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () -> new ShapeCompiler(document).compile("test.run", "/x", object(schema)));
    assertTrue(error.getMessage().startsWith("operation test.run, /"), error.getMessage());
    assertTrue(error.getMessage().contains(sentence), error.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/a | {'operationId':'x','tags':['t'],'responses':{'200':{}}} | operationId must be"
            + " service.method",
        "/a | {'operationId':'x.y','responses':{'200':{}}} | exactly one tag",
        "/a | {'operationId':'x.y','tags':['t'],'responses':{'404':{}}} | exactly one 2xx",
        "/a | {'operationId':'x.y','tags':['t'],'responses':{'200':{},'201':{}}} | exactly one 2xx",
        "/a | {'operationId':'x.y','tags':['t'],'x-auth':'root','responses':{'200':{}}} | 'x-auth'"
            + " has no value 'root'",
        "/a | {'operationId':'x.y','tags':['t'],'x-rate':{'limit':1},'responses':{'200':{}}} |"
            + " window (seconds)",
        "/{b} | {'operationId':'x.y','tags':['t'],'responses':{'200':{}}} | without a declaration:"
            + " [b]",
        "/a | {'operationId':'x.y','tags':['t'],'parameters':[{'name':'b','in':'path','schema':{'type':'string'}}],'responses':{'200':{}}}"
            + " | no {b}",
        "/a{b} | {'operationId':'x.y','tags':['t'],'responses':{'200':{}}} | one {parameter}",
        "/a | {'operationId':'x.y','tags':['t'],'requestBody':{'content':{'text/plain':{}}},'responses':{'200':{}}}"
            + " | x-handler: raw",
        "/a | {'operationId':'x.y','tags':['t'],'parameters':[{'name':'f','in':'query','style':'deepObject','schema':{'type':'string'}}],'responses':{'200':{}}}"
            + " | style form",
      })
  void anOperationThatCannotBeServedIsRefused(String path, String operation, String sentence) {
    JsonObject item = new JsonObject().put("get", object(operation));
    JsonObject document = new JsonObject().put("paths", new JsonObject().put(path, item));
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> Operations.load(document));
    assertTrue(error.getMessage().contains(sentence), error.getMessage());
  }

  @Test
  void loadingLeavesTheDocumentAsItWas() {
    String text =
        "{'paths':{'/a':{'post':{'operationId':'x.y','tags':['t'],'requestBody':{'content':{'application/json':{'schema':"
            + "{'allOf':[{'$ref':'#/s/A'},{'properties':{'b':{'$ref':'#/s/B','default':'q'}}}]}}}},'responses':{'200':{}}}}},"
            + "'s':{'A':{'type':'object','required':['a'],'properties':{'a':{'type':'string'}}},'B':{'type':'string'}}}";
    JsonObject document = object(text);
    Operations.load(document);
    assertEquals(object(text), document);
  }
}
