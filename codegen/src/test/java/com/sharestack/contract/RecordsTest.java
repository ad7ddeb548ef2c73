package com.sharestack.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What must hold for every type generated from the real contract. */
class RecordsTest {

  private static List<Class<?>> types() throws Exception {
    URI marker = Services.class.getResource("Services.class").toURI();
    try (Stream<Path> files = Files.list(Path.of(marker).getParent())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".class") && !name.contains("$"))
          .map(name -> name.substring(0, name.length() - ".class".length()))
          .filter(name -> !name.equals("package-info"))
          .<Class<?>>map(RecordsTest::load)
          .toList();
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName("com.sharestack.contract." + name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Properties mappers() throws IOException {
    Properties mappers = new Properties();
    try (InputStream in =
        Services.class.getResourceAsStream("/META-INF/vertx/json-mappers.properties")) {
      mappers.load(in);
    }
    return mappers;
  }

  @Test
  void everyRecordHasBothMappersAndEveryMapperItsRecord() throws Exception {
    Set<String> expected = new TreeSet<>();
    for (Class<?> type : types()) {
      if (type.isRecord()) {
        expected.add(type.getName() + ".serializer");
        expected.add(type.getName() + ".deserializer");
      }
    }
    assertTrue(expected.size() > 200, "the contract was not found: " + expected.size());
    assertEquals(expected, new TreeSet<>(mappers().stringPropertyNames()));
  }

  @Test
  void everyMapperNamesAStaticMethodThatExists() throws Exception {
    Properties mappers = mappers();
    for (String key : mappers.stringPropertyNames()) {
      String[] target = mappers.getProperty(key).split("#");
      Class<?> owner = Class.forName(target[0]);
      assertTrue(
          Stream.of(owner.getMethods())
              .anyMatch(
                  method ->
                      method.getName().equals(target[1])
                          && java.lang.reflect.Modifier.isStatic(method.getModifiers())
                          && method.getParameterCount() == 1),
          key + " -> " + mappers.getProperty(key));
    }
  }

  @Test
  void everyServiceHasAnAddressOfItsOwnAndADomain() throws Exception {
    Set<String> addresses = new HashSet<>();
    for (var service : Services.DOMAINS.entrySet()) {
      String address = (String) service.getKey().getField("ADDRESS").get(null);
      assertTrue(addresses.add(address), address + " is used twice");
      assertFalse(service.getValue().isBlank(), address);
      assertNotNull(
          Class.forName(service.getKey().getName() + "VertxEBProxy"), "the proxy was generated");
    }
  }

  @Test
  void everyServiceInterfaceIsListed() throws Exception {
    Set<Class<?>> found = new HashSet<>();
    for (Class<?> type : types()) {
      if (type.isInterface() && type.getSimpleName().endsWith("Service")) {
        found.add(type);
      }
    }
    assertEquals(found, Services.DOMAINS.keySet());
  }

  @Test
  void noServiceMethodIsOverloadedBecauseTheBusKnowsOnlyNames() {
    for (Class<?> service : Services.DOMAINS.keySet()) {
      Set<String> names = new HashSet<>();
      for (var method : service.getMethods()) {
        assertTrue(names.add(method.getName()), service + "." + method.getName());
      }
    }
  }

  @Test
  void consumersOfEventsAreDomainsThatHostServices() {
    for (EventTopic topic : EventTopic.values()) {
      assertTrue(
          Services.DOMAINS.values().containsAll(topic.consumers()),
          topic.topic() + " goes to " + topic.consumers());
    }
  }

  @Test
  void errorCodesHaveAnErrorStatusAndAChineseText() {
    for (ErrorCode code : ErrorCode.values()) {
      assertTrue(code.status() >= 400 && code.status() <= 599, code.name());
      assertTrue(
          code.text()
              .codePoints()
              .anyMatch(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN),
          code.name());
    }
  }

  @Test
  void theContractIsOnTheClassPathAsOneDocument() throws URISyntaxException {
    assertNotNull(Services.class.getResource("/contract/contract.json"));
    assertNotNull(Services.class.getResource("/contract/openapi.json"));
  }
}
