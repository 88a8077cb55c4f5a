package io.procession.internal.codec;

import org.jspecify.annotations.Nullable;

/** For scripts: a value's way to another process, whose loader makes its own copies of classes. */
public final class Travel {

  @SuppressWarnings({"unchecked", "NullAway"}) // as it went in
  public static <T extends @Nullable Object> T travel(T value, String... prefixes)
      throws Exception {
    var source = ((Object) value).getClass().getClassLoader();
    return (T) Messages.read(Messages.write(value), new OtherLoader(source, prefixes));
  }

  private Travel() {}
}
