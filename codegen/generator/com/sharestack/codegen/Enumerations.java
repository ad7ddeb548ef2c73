package com.sharestack.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.lang.model.element.Modifier;

/** The two lists every module shares: error codes and event topics. */
final class Enumerations {

  private Enumerations() {}

  static TypeSpec errorCodes(ObjectNode document) {
    TypeSpec.Builder type =
        TypeSpec.enumBuilder("ErrorCode")
            .addModifiers(Modifier.PUBLIC)
            .addJavadoc("Error codes of the contract: HTTP status and the text users see.");
    for (var code : document.path("x-error-codes").properties()) {
      int status = code.getValue().path("status").asInt();
      if (status < 400 || status > 599 || code.getValue().path("message").asText().isBlank()) {
        throw new ContractException(
            "x-error-codes/" + code.getKey(), "needs a status of 400 to 599 and a message");
      }
      type.addEnumConstant(
          code.getKey(),
          TypeSpec.anonymousClassBuilder("$L, $S", status, code.getValue().path("message").asText())
              .build());
    }
    MethodSpec.Builder constructor = MethodSpec.constructorBuilder();
    field(type, constructor, TypeName.INT, "status", "HTTP status.");
    field(type, constructor, ClassName.get(String.class), "text", "Text for users, zh-CN.");
    return type.addMethod(constructor.build()).build();
  }

  static TypeSpec eventTopics(ObjectNode document) {
    Map<String, Map.Entry<String, JsonNode>> topics = new TreeMap<>();
    for (var schema : document.path("components").path("schemas").properties()) {
      JsonNode event = schema.getValue().path("x-event");
      if (!event.isMissingNode() && topics.put(event.path("topic").asText(), schema) != null) {
        throw new ContractException(
            schema.getKey(), "topic " + event.path("topic").asText() + " has two payloads");
      }
    }
    TypeSpec.Builder type =
        TypeSpec.enumBuilder("EventTopic")
            .addModifiers(Modifier.PUBLIC)
            .addJavadoc("Outbox events: name, payload record, and the domains that consume it.");
    topics.forEach(
        (topic, schema) -> {
          List<String> consumers = new ArrayList<>();
          schema
              .getValue()
              .path("x-event")
              .path("consumers")
              .forEach(c -> consumers.add(c.asText()));
          type.addEnumConstant(
              Names.constant(topic),
              TypeSpec.anonymousClassBuilder(
                      "$S, $T.class, $T.of($L)",
                      topic,
                      ClassName.get(Schemas.PACKAGE, schema.getKey()),
                      List.class,
                      String.join(", ", consumers.stream().map(c -> '"' + c + '"').toList()))
                  .build());
        });
    MethodSpec.Builder constructor = MethodSpec.constructorBuilder();
    field(type, constructor, ClassName.get(String.class), "topic", "Name on the outbox.");
    field(
        type,
        constructor,
        ParameterizedTypeName.get(
            ClassName.get(Class.class),
            com.palantir.javapoet.WildcardTypeName.subtypeOf(Record.class)),
        "payload",
        "Type of the payload.");
    field(
        type,
        constructor,
        ParameterizedTypeName.get(List.class, String.class),
        "consumers",
        "Domains that receive it.");
    return type.addMethod(constructor.build()).build();
  }

  private static void field(
      TypeSpec.Builder type, MethodSpec.Builder constructor, TypeName of, String name, String doc) {
    type.addField(of, name, Modifier.PRIVATE, Modifier.FINAL);
    constructor.addParameter(of, name).addStatement("this.$L = $L", name, name);
    type.addMethod(
        MethodSpec.methodBuilder(name)
            .addModifiers(Modifier.PUBLIC)
            .addJavadoc("$L", doc)
            .returns(of)
            .addStatement("return $L", name)
            .build());
  }
}
