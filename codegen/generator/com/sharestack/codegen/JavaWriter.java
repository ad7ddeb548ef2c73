package com.sharestack.codegen;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.lang.model.element.Modifier;

/** Writes records, enums, service interfaces and their mapper list. */
final class JavaWriter {

  private static final String PACKAGE = Schemas.PACKAGE;
  private static final ClassName CALLER = ClassName.get(PACKAGE, "Caller");
  private static final ClassName WIRE = ClassName.get(PACKAGE + ".wire", "Wire");
  private static final ClassName FUTURE = ClassName.get("io.vertx.core", "Future");
  private static final ClassName PROXY_GEN =
      ClassName.get("io.vertx.codegen.annotations", "ProxyGen");

  /** From this many components on a record gets a builder: nobody counts commas to twelve. */
  private static final int BUILDER_FROM = 5;

  private final ObjectNode document;
  private final Schemas schemas;
  private final Map<String, String> files = new TreeMap<>();
  private final StringBuilder mappers = new StringBuilder();

  JavaWriter(ObjectNode document) {
    this.document = document;
    this.schemas = new Schemas(document);
  }

  /** File name below the source folder -> text; the mapper list under its own plain name. */
  Map<String, String> write() {
    for (var component : schemas.components()) {
      Names.refuseTaken(component.getKey());
      JsonNode schema = component.getValue();
      if (schemas.isEnum(schema)) {
        add(enumType(component.getKey(), schema));
      } else if (schemas.isRecord(schema)) {
        add(record(component.getKey(), schema));
      } else {
        schemas.type(component.getKey(), schema);
      }
    }
    Map<String, List<ContractFiles.Operation>> services = new TreeMap<>();
    for (var operation : ContractFiles.operations(document)) {
      if (!operation.raw()) {
        add(request(operation));
        services.computeIfAbsent(operation.address(), a -> new ArrayList<>()).add(operation);
      }
    }
    services.forEach((address, operations) -> add(service(address, operations)));
    add(servicesList(services));
    add(Enumerations.errorCodes(document));
    add(Enumerations.eventTopics(document));
    files.put("json-mappers.properties", mappers.toString());
    return files;
  }

  private void add(TypeSpec type) {
    JavaFile file = JavaFile.builder(PACKAGE, type).indent("  ").skipJavaLangImports(true).build();
    String path = PACKAGE.replace('.', '/') + "/" + type.name() + ".java";
    if (files.put(path, file.toString()) != null) {
      throw new ContractException(
          type.name(), "would be two Java types; rename the schema or the operation");
    }
  }

  private TypeSpec enumType(String name, JsonNode schema) {
    TypeSpec.Builder type = TypeSpec.enumBuilder(name).addModifiers(Modifier.PUBLIC);
    Set<String> constants = new HashSet<>();
    for (JsonNode literal : schema.get("enum")) {
      if (!constants.add(Names.constant(literal.asText()))) {
        throw new ContractException(name, "has two literals like '" + literal.asText() + "'");
      }
      type.addEnumConstant(
          Names.constant(literal.asText()),
          TypeSpec.anonymousClassBuilder("$S", literal.asText()).build());
    }
    return type.addField(String.class, "literal", Modifier.PRIVATE, Modifier.FINAL)
        .addMethod(
            MethodSpec.constructorBuilder()
                .addParameter(String.class, "literal")
                .addStatement("this.literal = literal")
                .build())
        .addMethod(
            MethodSpec.methodBuilder("literal")
                .addModifiers(Modifier.PUBLIC)
                .addAnnotation(JsonValue.class)
                .returns(String.class)
                .addStatement("return literal")
                .build())
        .addMethod(
            MethodSpec.methodBuilder("of")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .addAnnotation(JsonCreator.class)
                .addParameter(String.class, "literal")
                .returns(ClassName.get(PACKAGE, name))
                .beginControlFlow("for ($L value : values())", name)
                .beginControlFlow("if (value.literal.equals(literal))")
                .addStatement("return value")
                .endControlFlow()
                .endControlFlow()
                .addStatement(
                    "throw new IllegalArgumentException($S + literal)", "no " + name + ": ")
                .build())
        .build();
  }

  private TypeSpec record(String name, JsonNode schema) {
    Map<ClassName, Map<String, Component>> bases = new LinkedHashMap<>();
    for (JsonNode part : schema.path("allOf")) {
      if (part.has("$ref")) {
        String ref = part.get("$ref").asText();
        String base = ref.substring(ref.lastIndexOf('/') + 1);
        bases.put(ClassName.get(PACKAGE, base), components(base, schemas.resolve(part)));
      }
    }
    String doc = schema.path("description").asText();
    return recordOf(name, doc, components(name, schema), bases);
  }

  private Map<String, Component> components(String name, JsonNode schema) {
    boolean partial = schema.path("x-partial").asBoolean();
    Map<String, Component> components = new LinkedHashMap<>();
    schemas
        .properties(name, schema)
        .forEach(
            (property, p) ->
                components.put(
                    property, component(name + "/" + property, p.schema(), p.required(), partial)));
    return components;
  }

  /** A record component's type, and whether null means "leave it out". */
  private record Component(TypeName type, boolean optional) {}

  private Component component(String place, JsonNode schema, boolean required, boolean partial) {
    TypeName boxed = schemas.type(place, schema);
    if (partial) {
      return new Component(ParameterizedTypeName.get(Schemas.PATCH, boxed), true);
    }
    boolean present = required || schemas.resolve(schema).has("default");
    boolean primitive = present && !schemas.nullable(schema) && boxed.isBoxedPrimitive();
    return new Component(primitive ? boxed.unbox() : boxed, !present);
  }

  private TypeSpec request(ContractFiles.Operation operation) {
    Map<String, Component> components = new LinkedHashMap<>();
    for (JsonNode parameter : operation.node().path("parameters")) {
      String name = parameter.path("name").asText();
      boolean required = parameter.path("required").asBoolean();
      components.put(
          name, component(operation.id() + "/" + name, parameter.path("schema"), required, false));
    }
    JsonNode body = operation.bodySchema();
    if (!body.isMissingNode()) {
      if (!body.has("$ref")) {
        throw new ContractException(operation.id(), "names its body by $ref to components/schemas");
      }
      components.put("body", component(operation.id() + "/body", body, true, false));
    }
    return recordOf(
        requestName(operation), "Request of {@code " + operation.id() + "}.", components, Map.of());
  }

  private static String requestName(ContractFiles.Operation operation) {
    return Names.type(operation.address()) + Names.type(operation.methodName()) + "Request";
  }

  /**
   * @param bases the records of {@code allOf} that this one repeats, with their components
   */
  private TypeSpec recordOf(
      String name,
      String doc,
      Map<String, Component> components,
      Map<ClassName, Map<String, Component>> bases) {
    ClassName self = ClassName.get(PACKAGE, name);
    MethodSpec.Builder constructor = MethodSpec.constructorBuilder();
    Set<String> names = new HashSet<>();
    components.forEach(
        (property, component) -> {
          if (!names.add(Names.camel(property))) {
            throw new ContractException(name, "has two fields like '" + property + "' in Java");
          }
          ParameterSpec.Builder parameter =
              ParameterSpec.builder(component.type(), Names.camel(property))
                  .addAnnotation(
                      AnnotationSpec.builder(JsonProperty.class)
                          .addMember("value", "$S", property)
                          .build());
          if (component.optional()) {
            parameter.addAnnotation(
                AnnotationSpec.builder(JsonInclude.class)
                    .addMember("value", "$T.NON_NULL", JsonInclude.Include.class)
                    .build());
          }
          constructor.addParameter(parameter.build());
        });
    TypeSpec.Builder record =
        TypeSpec.recordBuilder(name)
            .addModifiers(Modifier.PUBLIC)
            .recordConstructor(constructor.build())
            .addMethod(
                MethodSpec.methodBuilder("fromJson")
                    .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                    .addParameter(Schemas.JSON_OBJECT, "json")
                    .returns(self)
                    .addStatement("return $T.read(json, $T.class)", WIRE, self)
                    .build());
    if (!doc.isBlank()) {
      record.addJavadoc("$L", doc.strip().replace("*/", "* /"));
    }
    if (components.size() >= BUILDER_FROM) {
      record.addMethod(
          MethodSpec.methodBuilder("builder")
              .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
              .returns(self.nestedClass("Builder"))
              .addStatement("return new Builder()")
              .build());
      TypeSpec.Builder builder = builder(self, components).toBuilder();
      bases.forEach(
          (base, inherited) -> builder.addMethod(from(self, base, inherited, components)));
      record.addType(builder.build());
    }
    String full = PACKAGE + "." + name;
    mappers.append(full).append(".serializer=").append(WIRE.canonicalName()).append("#write\n");
    mappers.append(full).append(".deserializer=").append(full).append("#fromJson\n");
    return record.build();
  }

  private static TypeSpec builder(ClassName self, Map<String, Component> components) {
    ClassName builderName = self.nestedClass("Builder");
    TypeSpec.Builder builder =
        TypeSpec.classBuilder("Builder")
            .addModifiers(Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL);
    List<CodeBlock> arguments = new ArrayList<>();
    components.forEach(
        (property, component) -> {
          String field = Names.camel(property);
          builder.addField(FieldSpec.builder(component.type(), field, Modifier.PRIVATE).build());
          builder.addMethod(
              MethodSpec.methodBuilder(field)
                  .addModifiers(Modifier.PUBLIC)
                  .addParameter(component.type(), "value")
                  .returns(builderName)
                  .addStatement("this.$L = value", field)
                  .addStatement("return this")
                  .build());
          arguments.add(CodeBlock.of("$L", field));
        });
    return builder
        .addMethod(
            MethodSpec.methodBuilder("build")
                .addModifiers(Modifier.PUBLIC)
                .returns(self)
                .addStatement("return new $T($L)", self, CodeBlock.join(arguments, ", "))
                .build())
        .build();
  }

  /**
   * Takes over what a base says. A field that this record declares otherwise, as required where the
   * base may leave it out, stays for the caller to set.
   */
  private static MethodSpec from(
      ClassName self,
      ClassName base,
      Map<String, Component> inherited,
      Map<String, Component> components) {
    MethodSpec.Builder from =
        MethodSpec.methodBuilder("from")
            .addModifiers(Modifier.PUBLIC)
            .addParameter(base, "base")
            .returns(self.nestedClass("Builder"));
    inherited.forEach(
        (property, component) -> {
          TypeName own = components.get(property).type();
          if (own.equals(component.type()) || own.equals(component.type().box())) {
            from.addStatement("this.$1L = base.$1L()", Names.camel(property));
          }
        });
    return from.addStatement("return this").build();
  }

  private TypeSpec service(String address, List<ContractFiles.Operation> operations) {
    TypeSpec.Builder service =
        TypeSpec.interfaceBuilder(Names.type(address) + "Service")
            .addModifiers(Modifier.PUBLIC)
            .addAnnotation(PROXY_GEN)
            .addJavadoc("Operations {@code $L.*} of the contract.", address)
            .addField(constant("ADDRESS", address));
    for (var operation : operations) {
      if (!operation.domain().equals(operations.get(0).domain())) {
        throw new ContractException(
            operation.id(), "is hosted by another domain than " + operations.get(0).id());
      }
      TypeName result = schemas.type(operation.id() + " answer", operation.successSchema());
      if (!operation.successSchema().has("$ref")) {
        throw new ContractException(operation.id(), "names its answer by $ref");
      }
      service.addMethod(
          MethodSpec.methodBuilder(operation.methodName())
              .addModifiers(Modifier.PUBLIC, Modifier.ABSTRACT)
              .addJavadoc(
                  "{@code $L}: $L", operation.place(), operation.node().path("summary").asText())
              .addParameter(CALLER, "caller")
              .addParameter(ClassName.get(PACKAGE, requestName(operation)), "request")
              .returns(ParameterizedTypeName.get(FUTURE, result))
              .build());
    }
    return service.build();
  }

  private static FieldSpec constant(String name, String value) {
    return FieldSpec.builder(String.class, name, Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
        .initializer("$S", value)
        .build();
  }

  private TypeSpec servicesList(Map<String, List<ContractFiles.Operation>> services) {
    CodeBlock.Builder map = CodeBlock.builder().add("$T.of(", Map.class);
    ClassName entry = ClassName.get(Map.class);
    List<CodeBlock> entries = new ArrayList<>();
    services.forEach(
        (address, operations) ->
            entries.add(
                CodeBlock.of(
                    "\n$T.entry($T.class, $S)",
                    entry,
                    ClassName.get(PACKAGE, Names.type(address) + "Service"),
                    operations.get(0).domain())));
    TypeName type =
        ParameterizedTypeName.get(
            entry,
            ParameterizedTypeName.get(
                ClassName.get(Class.class),
                com.palantir.javapoet.WildcardTypeName.subtypeOf(Object.class)),
            ClassName.get(String.class));
    return TypeSpec.classBuilder("Services")
        .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
        .addJavadoc("Every service of the contract.")
        .addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build())
        .addField(
            FieldSpec.builder(type, "DOMAINS", Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
                .addJavadoc("Service interface -> the domain (role) that hosts it.")
                .initializer(
                    CodeBlock.of("$T.ofEntries($L)", Map.class, CodeBlock.join(entries, ",")))
                .build())
        .build();
  }
}
