package io.procession.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.function.RemoteFunction;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Values of classes that only one loader knows. */
class ClassLoaderTest {

  private static OtherLoader loader() {
    return new OtherLoader(ClassLoaderTest.class.getClassLoader(), Foreign.class.getName());
  }

  private static List<Object> values(OtherLoader loader) throws Exception {
    return Cases.as(loader.define(Foreign.class).getMethod("values").invoke(null));
  }

  @Test
  void classesComeFromTheLoaderOfTheInput() throws Exception {
    var here = loader();
    var there = loader();
    var bytes = Messages.write(values(here));
    var copy = Cases.<List<Object>>as(Messages.read(bytes, there));
    for (var value : copy) {
      assertThat(value.getClass().getClassLoader()).isSameAs(there);
    }
    assertThat(copy.get(0)).hasToString("Point[x=1, y=2]");
    assertThat(Cases.<RemoteFunction<Integer, Object>>as(copy.get(1)).apply(7))
        .hasToString("Point[x=7, y=2]")
        .hasSameClassAs(copy.get(0));
    assertThat(Cases.<Object[]>as(copy.get(5))[0]).isSameAs(copy.get(0));
  }

  @Test
  void aMissingClassIsNamed() throws Exception {
    var stranger = new ClassLoader(null) {};
    for (var value : values(loader())) {
      var bytes = Messages.write(List.of(value));
      assertThatThrownBy(() -> Messages.read(bytes, stranger))
          .isInstanceOf(ClassNotFoundException.class)
          .hasMessageContaining("Foreign");
    }
  }

  @Test
  void aMissingClassInACarriedValueIsNamed() {
    var bytes = Messages.write(new AtomicReference<>(Optional.of(new Foreign.Point(1, 2))));
    assertThatThrownBy(() -> Messages.read(bytes, new ClassLoader(null) {}))
        .isInstanceOf(ClassNotFoundException.class)
        .hasMessageContaining("Foreign$Point");
  }

  @Test
  void aLoaderIsCollectedAfterUse() throws Exception {
    var reference = useOnce();
    for (var i = 0; i < 200 && reference.get() != null; i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertThat(reference.get()).isNull();
  }

  private static WeakReference<ClassLoader> useOnce() throws Exception {
    var loader = loader();
    assertThat(Messages.read(Messages.write(values(loader)), loader)).isNotNull();
    return new WeakReference<>(loader);
  }
}
