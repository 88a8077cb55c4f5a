package io.procession.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.internal.engine.ClassSource;
import io.procession.internal.engine.LoaderRegistry;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.spi.ToolProvider;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parent and child in one JVM: the classes are loaded twice, and meet only in bytes. */
class RemoteClassLoaderTest {

  private static final String SOURCE =
      """
      package user;
      public class Service implements java.util.function.Supplier<String> {
        static { System.getProperties().merge("test.initialised", "1", (a, b) -> a + "" + b); }
        record Data(String text) {}
        interface Plain { int one(); }
        static class Never { static { if (true) throw new Error("must not be initialised"); } }
        public String get() {
          Plain plain = () -> 1;
          return new Data("done").text() + plain.one();
        }
        public Class<?> never() { return Never.class; }
      }
      """;

  @TempDir Path directory;
  private final AtomicInteger questions = new AtomicInteger();
  private final ClassSource source = new ClassSource();
  private final RemoteLoaders child =
      new RemoteLoaders(ClassLoader.getSystemClassLoader(), this::exchange);
  private URLClassLoader user;
  private ClassLoader remote;

  RemoteClassLoaderTest() throws IOException {
    user = new URLClassLoader(new URL[0]);
    remote = user;
  }

  private byte[] exchange(byte[] request) throws IOException, InterruptedException {
    questions.incrementAndGet();
    return source.answer(request);
  }

  @BeforeEach
  void compile() throws IOException {
    var file = Files.writeString(directory.resolve("Service.java"), SOURCE);
    var compiler = ToolProvider.findFirst("javac").orElseThrow();
    assertThat(compiler.run(System.err, System.err, "-d", directory.toString(), file.toString()))
        .isZero();
    var services = Files.createDirectories(directory.resolve("META-INF/services"));
    Files.writeString(services.resolve("java.util.function.Supplier"), "user.Service");
    Files.writeString(directory.resolve("a text#1.txt"), "text");
    user = new URLClassLoader(new URL[] {directory.toUri().toURL()});
    remote = child.loader(LoaderRegistry.shared().idOf(user));
  }

  @AfterEach
  void close() throws IOException {
    user.close();
    System.clearProperty("test.initialised");
  }

  private Object service() throws ReflectiveOperationException {
    return remote.loadClass("user.Service").getConstructor().newInstance();
  }

  @Test
  void definesTheParentsClassesWithOneQuestion() throws Exception {
    var service = service();
    assertThat(service.getClass().getClassLoader()).isSameAs(remote);
    assertThat(service)
        .isInstanceOfSatisfying(
            Supplier.class, supplier -> assertThat(supplier.get()).isEqualTo("done1"));
    assertThat(service.getClass().getPackage().getName()).isEqualTo("user");
    assertThat(questions).hasValue(1);
  }

  @Test
  void theParentDoesNotInitialiseWhatItSends() throws Exception {
    var type = service().getClass();
    assertThat(type.getMethod("never").invoke(service())).isNotNull();
    assertThat(System.getProperty("test.initialised")).isEqualTo("1");
  }

  @Test
  void theJdkAndThisLibraryAreTheChildsOwn() throws Exception {
    assertThat(remote.loadClass("java.util.List")).isSameAs(List.class);
    assertThat(remote.loadClass("java.net.http.HttpClient").getClassLoader()).isNotSameAs(remote);
    assertThat(remote.loadClass("io.procession.internal.worker.Exchange")).isSameAs(Exchange.class);
    assertThat(questions).hasValue(0);
  }

  @Test
  void theParentDecidesWhoseClassItIs() throws Exception {
    // A loader that looks at itself first has another class than the shared class path.
    var name = "org.assertj.core.api.Assertions";
    assertThat(remote.loadClass(name)).isSameAs(Class.forName(name));
    var file = Files.createDirectories(directory.resolve("src/org/assertj/core/api"));
    Files.writeString(
        file.resolve("Assertions.java"),
        "package org.assertj.core.api; public class Assertions { public static int own; }");
    var own = directory.resolve("own");
    ToolProvider.findFirst("javac")
        .orElseThrow()
        .run(
            System.err,
            System.err,
            "-d",
            own.toString(),
            file.resolve("Assertions.java").toString());
    try (var selfFirst =
        new URLClassLoader(new URL[] {own.toUri().toURL()}) {
          @Override
          protected Class<?> loadClass(String wanted, boolean resolve)
              throws ClassNotFoundException {
            if (wanted.equals(name)) {
              var loaded = findLoadedClass(wanted);
              return loaded == null ? findClass(wanted) : loaded;
            }
            return super.loadClass(wanted, resolve);
          }
        }) {
      var type = child.loader(LoaderRegistry.shared().idOf(selfFirst)).loadClass(name);
      assertThat(type.getField("own")).isNotNull();
    }
  }

  @Test
  void aClassBelongsToTheLoaderThatDefinesIt() throws Exception {
    try (var below = new URLClassLoader(new URL[0], user)) {
      var loader = child.loader(LoaderRegistry.shared().idOf(below));
      assertThat(loader.loadClass("user.Service")).isSameAs(remote.loadClass("user.Service"));
    }
  }

  @Test
  void manyThreadsGetOneClass() throws Exception {
    Callable<Class<?>> load = () -> remote.loadClass("user.Service");
    try (var threads = Executors.newFixedThreadPool(8)) {
      var loaded = threads.invokeAll(IntStream.range(0, 64).mapToObj(i -> load).toList());
      for (var type : loaded) {
        assertThat(type.get()).isSameAs(remote.loadClass("user.Service"));
      }
    }
  }

  @Test
  void anAbsentClassIsAskedForOnce() {
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> remote.loadClass("user.Absent"))
          .isInstanceOf(ClassNotFoundException.class);
    }
    assertThat(questions).hasValue(1);
  }

  @Test
  void whatCannotBeSentSaysWhy() {
    var lambda = (Runnable) () -> {};
    assertThatThrownBy(() -> remote.loadClass(lambda.getClass().getName()))
        .isInstanceOf(ClassNotFoundException.class)
        .hasMessageContaining("hidden class");
    var proxy = proxy();
    assertThatThrownBy(() ->
            child
                .loader(LoaderRegistry.shared().idOf(proxy.getClass().getClassLoader()))
                .loadClass(proxy.getClass().getName()))
        .isInstanceOf(ClassNotFoundException.class)
        .hasMessageContaining("generated at run time");
  }

  private Object proxy() {
    try {
      var plain = user.loadClass("user.Service$Plain");
      return Proxy.newProxyInstance(user, new Class<?>[] {plain}, (p, m, a) -> null);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aCollectedLoaderSaysSo() {
    var unknown = child.loader(Integer.MAX_VALUE);
    assertThatThrownBy(() -> unknown.loadClass("user.Service"))
        .isInstanceOf(ClassNotFoundException.class)
        .hasMessageContaining("no longer exists");
  }

  @Test
  void anInterruptDoesNotLoseAClass() throws Exception {
    var interrupts = new AtomicInteger(2);
    var loaders =
        new RemoteLoaders(
            ClassLoader.getSystemClassLoader(),
            request -> {
              if (interrupts.getAndDecrement() > 0) {
                throw new InterruptedException();
              }
              return source.answer(request);
            });
    var type = loaders.loader(LoaderRegistry.shared().idOf(user)).loadClass("user.Service");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(type.getName()).isEqualTo("user.Service");
  }

  @Test
  void aDeadParentIsAClearError() {
    var loaders =
        new RemoteLoaders(
            ClassLoader.getSystemClassLoader(),
            request -> {
              throw new IOException("gone");
            });
    assertThatThrownBy(() -> loaders.loader(1).loadClass("user.Service"))
        .isInstanceOf(ClassNotFoundException.class)
        .hasMessageContaining("gave no answer")
        .hasRootCauseMessage("gone");
    assertThat(loaders.loader(1).getResource("x")).isNull();
  }

  @Test
  @SuppressWarnings("deprecation") // what users of relative addresses call
  void resources() throws Exception {
    try (var in = remote.getResourceAsStream("a text#1.txt")) {
      assertThat(text(in)).isEqualTo("text");
    }
    var url = remote.getResource("a text#1.txt");
    assertThat(url).isNotNull();
    assertThat(url.openConnection().getContentLength()).isEqualTo(4);
    assertThat(remote.getResource("absent")).isNull();
    assertThat(remote.getResource("absent")).isNull();
    assertThat(questions).hasValue(3);
    try (var in = service().getClass().getResourceAsStream("Service.class")) {
      assertThat(in).isNotNull();
    }
    var beside = URI.create(url.toExternalForm().replace("a%20text%231.txt", "user/Service.class"));
    try (var in = new URL(url, beside.toString()).openStream()) {
      assertThat(in.readAllBytes()).startsWith(0xCA, 0xFE, 0xBA, 0xBE);
    }
  }

  private static String text(java.io.@Nullable InputStream in) throws IOException {
    return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void sharedResourcesAreNotSentAndNotDoubled() throws Exception {
    var name = "org/assertj/core/api/Assertions.class";
    var own = ClassLoader.getSystemClassLoader();
    assertThat(String.valueOf(remote.getResource(name)))
        .isEqualTo(String.valueOf(own.getResource(name)));
    assertThat(Collections.list(remote.getResources(name)))
        .hasSameSizeAs(Collections.list(own.getResources(name)));
  }

  @Test
  @SuppressWarnings("rawtypes") // a service's type is a class, which has no type arguments
  void servicesAreFound() {
    RemoteClassLoaderTest.class.getModule().addUses(Supplier.class);
    var services = ServiceLoader.load(Supplier.class, remote);
    assertThat(services.stream().map(p -> p.type().getName())).contains("user.Service");
  }

  @Test
  void aChildCanItselfBeAParent() throws Exception {
    var grandchild =
        new RemoteLoaders(
            ClassLoader.getSystemClassLoader(), request -> new ClassSource().answer(request));
    var type = grandchild.loader(LoaderRegistry.shared().idOf(remote)).loadClass("user.Service");
    assertThat(type.getConstructor().newInstance())
        .isInstanceOfSatisfying(
            Supplier.class, supplier -> assertThat(supplier.get()).isEqualTo("done1"));
  }
}
