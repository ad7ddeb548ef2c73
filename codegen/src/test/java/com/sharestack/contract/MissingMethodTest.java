package com.sharestack.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operation that no method answers does not compile: nobody finds out at run time. */
class MissingMethodTest {

  @TempDir Path output;

  private static String source(List<Method> methods) {
    return methods.stream()
        .map(
            method ->
                "  public io.vertx.core.Future<"
                    + result(method)
                    + "> "
                    + method.getName()
                    + "(Caller caller, "
                    + method.getParameterTypes()[1].getSimpleName()
                    + " request) { return null; }\n")
        .collect(
            Collectors.joining(
                "",
                "package com.sharestack.contract;\nfinal class Impl implements TrialService {\n",
                "}\n"));
  }

  private static String result(Method method) {
    String generic = method.getGenericReturnType().getTypeName();
    return generic.substring(generic.indexOf('<') + 1, generic.length() - 1);
  }

  private List<String> errors(String source) throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("mem:///Impl.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    String classPath =
        Stream.of(
                TrialService.class,
                io.vertx.core.Future.class,
                io.vertx.codegen.annotations.ProxyGen.class,
                com.fasterxml.jackson.annotation.JsonProperty.class)
            .map(MissingMethodTest::home)
            .collect(Collectors.joining(File.pathSeparator));
    compiler
        .getTask(
            null,
            null,
            said,
            List.of("-proc:none", "-d", output.toString(), "-classpath", classPath),
            null,
            List.of(file))
        .call();
    return said.getDiagnostics().stream()
        .filter(d -> d.getKind() == Diagnostic.Kind.ERROR)
        .map(d -> d.getMessage(java.util.Locale.ENGLISH))
        .toList();
  }

  private static String home(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (java.net.URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theCompilerDemandsAMethodForEveryOperation() throws Exception {
    List<Method> methods = Arrays.asList(TrialService.class.getMethods());
    assertEquals(List.of(), errors(source(methods)), "with all methods it compiles");
    List<Method> oneMissing = methods.subList(1, methods.size());
    String missing = methods.get(0).getName();
    List<String> errors = errors(source(oneMissing));
    assertEquals(1, errors.size(), errors.toString());
    assertTrue(
        errors
            .get(0)
            .contains("Impl is not abstract and does not override abstract method " + missing),
        errors.toString());
  }
}
