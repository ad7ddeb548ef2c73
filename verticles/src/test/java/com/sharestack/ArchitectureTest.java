package com.sharestack;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Who may know whom. Each rule is written once, for a root package: it holds for {@code
 * com.sharestack} and must bite in {@code com.sharestack.archfixture}, a tiny copy of the project's
 * shape in which every class breaks exactly one rule.
 */
class ArchitectureTest {

  private static final String ROOT = "com.sharestack";
  private static final String FIXTURE = "com.sharestack.archfixture";
  private static final String CONTRACT = "com.sharestack.contract..";
  private static final List<String> DOMAINS =
      List.of("users", "content", "billing", "social", "analytics", "admin");
  private static final Set<String> FLOATING =
      Set.of("float", "double", "java.lang.Float", "java.lang.Double");

  private static final JavaClasses REAL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);
  private static final JavaClasses BROKEN = new ClassFileImporter().importPackages(FIXTURE);

  /** Rule by name, for a project that lies below {@code root}. */
  private static Map<String, ArchRule> rules(String root) {
    Map<String, ArchRule> rules = new LinkedHashMap<>();
    rules.put("the platform knows no domain", platformKnowsNoDomain(root));
    for (String domain : DOMAINS) {
      rules.put(domain + " knows the platform, the contract and itself", alone(root, domain));
    }
    rules.put("only repositories and the platform's queues speak SQL", sql(root));
    rules.put("only the edge speaks HTTP", web(root));
    rules.put("the worker knows no domain", worker(root));
    rules.put("only the root knows the verticles", verticles(root));
    rules.put("time comes from the injected clock", clock(root));
    rules.put("money is never a floating point number", money(root));
    rules.put("nobody sleeps", noSleep(root));
    rules.put("nobody prints", noPrinting(root));
    return rules;
  }

  private static String[] parts(String root, String... names) {
    return Stream.of(names).map(name -> root + "." + name + "..").toArray(String[]::new);
  }

  private static String[] domains(String root) {
    return parts(root, DOMAINS.toArray(String[]::new));
  }

  private static ArchRule platformKnowsNoDomain(String root) {
    List<String> others = new ArrayList<>(List.of(domains(root)));
    others.addAll(List.of(parts(root, "worker", "sandbox", "gateway")));
    return noClasses()
        .that()
        .resideInAPackage(root + ".platform..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(others.toArray(String[]::new)).or(resideInAPackage(root)));
  }

  private static ArchRule alone(String root, String domain) {
    DescribedPredicate<JavaClass> foreign =
        resideInAPackage(root + "..")
            .and(
                DescribedPredicate.not(
                    resideInAnyPackage(root + ".platform..", CONTRACT, root + "." + domain + "..")))
            .as("other parts of the project");
    return noClasses()
        .that()
        .resideInAPackage(root + "." + domain + "..")
        .should()
        .dependOnClassesThat(foreign);
  }

  private static ArchRule sql(String root) {
    DescribedPredicate<JavaClass> allowed =
        new DescribedPredicate<>("repositories, platform.db, event queues, the root") {
          @Override
          public boolean test(JavaClass type) {
            String packageName = type.getPackageName();
            boolean queue =
                packageName.startsWith(root + ".platform.")
                    && outermost(type).getSimpleName().endsWith("Queue");
            return outermost(type).getSimpleName().contains("Repository")
                || packageName.startsWith(root + ".platform.db")
                || packageName.equals(root)
                || queue;
          }
        };
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and(DescribedPredicate.not(allowed))
        .should()
        .dependOnClassesThat(resideInAnyPackage("io.vertx.sqlclient..", "io.vertx.mysqlclient.."));
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
  }

  private static ArchRule web(String root) {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackages(parts(root, "gateway", "sandbox", "platform.http"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.vertx.ext.web..");
  }

  private static ArchRule worker(String root) {
    return noClasses()
        .that()
        .resideInAPackage(root + ".worker..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(domains(root));
  }

  private static ArchRule verticles(String root) {
    List<String> hosts = new ArrayList<>(List.of(domains(root)));
    hosts.addAll(List.of(parts(root, "worker", "gateway", "sandbox")));
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackage(root)
        .should(
            new ArchCondition<JavaClass>("depend on the verticle of another part") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                type.getDirectDependenciesFromSelf().stream()
                    .filter(d -> d.getTargetClass().getSimpleName().endsWith("Verticle"))
                    .filter(
                        d ->
                            resideInAnyPackage(hosts.toArray(String[]::new))
                                .test(d.getTargetClass()))
                    .filter(d -> !d.getTargetClass().getPackageName().equals(type.getPackageName()))
                    .forEach(
                        d -> events.add(SimpleConditionEvent.satisfied(type, d.getDescription())));
              }
            });
  }

  private static ArchRule clock(String root) {
    List<String> places = new ArrayList<>(List.of(domains(root)));
    places.add(root + ".gateway..");
    return noClasses()
        .that()
        .resideInAnyPackage(places.toArray(String[]::new))
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(java.time.LocalDate.class, "now")
        .orShould()
        .callMethod(java.time.LocalDateTime.class, "now")
        .orShould()
        .callMethod(java.time.ZonedDateTime.class, "now", java.time.ZoneId.class)
        .orShould()
        .callMethod(java.time.Clock.class, "systemUTC")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.Date");
  }

  private static ArchRule money(String root) {
    return noClasses()
        .that()
        .resideInAnyPackage(parts(root, "billing", "platform.money"))
        .should(
            new ArchCondition<JavaClass>("have floating point fields, parameters or results") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                for (JavaField field : type.getFields()) {
                  report(type, field.getRawType(), field.getFullName(), events);
                }
                for (JavaCodeUnit unit : type.getCodeUnits()) {
                  unit.getRawParameterTypes()
                      .forEach(p -> report(type, p, unit.getFullName(), events));
                  report(type, unit.getRawReturnType(), unit.getFullName(), events);
                }
              }
            });
  }

  private static void report(JavaClass type, JavaClass used, String where, ConditionEvents events) {
    if (FLOATING.contains(used.getBaseComponentType().getFullName())) {
      events.add(SimpleConditionEvent.satisfied(type, where + " uses " + used.getName()));
    }
  }

  private static ArchRule noSleep(String root) {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", long.class, int.class)
        .orShould()
        .callMethod(Thread.class, "sleep", java.time.Duration.class)
        .orShould()
        .callMethod(java.util.concurrent.TimeUnit.class, "sleep", long.class);
  }

  private static ArchRule noPrinting(String root) {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackages(root, root + ".platform.embedded..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethodWhere(
            com.tngtech.archunit.core.domain.JavaCall.Predicates.target(
                com.tngtech.archunit.core.domain.properties.HasName.Predicates.name(
                    "printStackTrace")));
  }

  @TestFactory
  Stream<DynamicTest> theProjectKeepsEveryRule() {
    return rules(ROOT).entrySet().stream()
        .map(
            rule ->
                DynamicTest.dynamicTest(
                    rule.getKey(), () -> rule.getValue().allowEmptyShould(true).check(REAL)));
  }

  /** Rule -> the classes of the fixture that it refuses; every other class of it passes. */
  private static final Map<String, Set<String>> BITES =
      Map.ofEntries(
          Map.entry("the platform knows no domain", Set.of("PlatformKnowsContent")),
          Map.entry(
              "content knows the platform, the contract and itself",
              Set.of("ContentKnowsBilling", "ContentKnowsRoot")),
          Map.entry(
              "users knows the platform, the contract and itself", Set.of("UsersKnowsGateway")),
          Map.entry(
              "only repositories and the platform's queues speak SQL", Set.of("ServiceSpeaksSql")),
          Map.entry("only the edge speaks HTTP", Set.of("ServiceSpeaksHttp")),
          Map.entry("the worker knows no domain", Set.of("WorkerKnowsContent")),
          Map.entry("only the root knows the verticles", Set.of("GatewayKnowsVerticle")),
          Map.entry("time comes from the injected clock", Set.of("ReadsSystemTime", "HasDate")),
          Map.entry("money is never a floating point number", Set.of("DoublePrice")),
          Map.entry("nobody sleeps", Set.of("Sleeps")),
          Map.entry("nobody prints", Set.of("Prints", "PrintsStackTrace")));

  @TestFactory
  Stream<DynamicTest> everyRuleBites() {
    return rules(FIXTURE).entrySet().stream()
        .map(
            rule ->
                DynamicTest.dynamicTest(
                    rule.getKey(),
                    () ->
                        assertEquals(
                            new TreeSet<>(BITES.getOrDefault(rule.getKey(), Set.of())),
                            refused(rule.getValue()))));
  }

  private static Set<String> refused(ArchRule rule) {
    Set<String> names = new TreeSet<>();
    rule.allowEmptyShould(true)
        .evaluate(BROKEN)
        .getFailureReport()
        .getDetails()
        .forEach(
            detail ->
                BROKEN.stream()
                    .filter(
                        type ->
                            detail.contains("<" + type.getFullName())
                                || detail.contains(type.getFullName() + "."))
                    .filter(type -> originates(detail, type))
                    .forEach(type -> names.add(type.getSimpleName())));
    return names;
  }

  /** A detail names the class that is wrong before the one it should not know. */
  private static boolean originates(String detail, JavaClass type) {
    int first = detail.indexOf(FIXTURE);
    return detail.startsWith(type.getFullName(), first)
        && !Character.isJavaIdentifierPart(
            detail.charAt(Math.min(detail.length() - 1, first + type.getFullName().length())));
  }

  @Test
  void theRulesLookAtTheProjectAndNotAtTests() {
    assertTrue(REAL.contain("com.sharestack.platform.db.Db"));
    assertTrue(REAL.contain("com.sharestack.gateway.GatewayVerticle"));
    assertFalse(REAL.contain(ArchitectureTest.class));
    assertTrue(BROKEN.size() > 12, "the fixture was compiled");
  }

  @Test
  void everyRuleButThoseOfLikeDomainsHasAFixture() {
    Set<String> without = new TreeSet<>(rules(FIXTURE).keySet());
    without.removeAll(BITES.keySet());
    assertEquals(
        Set.of("billing", "social", "analytics", "admin"),
        new TreeSet<>(without.stream().map(name -> name.split(" ")[0]).toList()));
  }
}
