package io.procession.internal.engine;

import io.procession.internal.os.Platform;
import io.procession.spi.Engine;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Runs calls in child JVMs. */
public final class ChildEngine implements Engine {

  /** The main class of a child. */
  public static final String MAIN = "io.procession.internal.worker.WorkerMain";

  private final LaunchOptions options;
  private final @Nullable ChildLines lines;
  private final Segments segments = new Segments(Platform.current(), this::forgetSegment);
  private final List<Child> children = new CopyOnWriteArrayList<>();

  /**
   * @throws IllegalStateException if there is no {@code java} beside this runtime to start children
   *     with
   */
  public ChildEngine(LaunchOptions options) {
    this(options, null);
  }

  /**
   * @param lines what becomes of what children write; null: they inherit the streams
   * @throws IllegalStateException if there is no {@code java} beside this runtime to start children
   *     with
   */
  public ChildEngine(LaunchOptions options, @Nullable ChildLines lines) {
    this(options, lines, false);
    // What can never work fails here, in the caller, instead of in each start.
    JavaCommand.of(options);
  }

  private ChildEngine(
      LaunchOptions options,
      @Nullable ChildLines lines,
      @SuppressWarnings("unused") boolean isChecked) {
    this.options = options;
    this.lines = lines;
  }

  /** An engine for children with options with which others have been started before. */
  public static ChildEngine ofKnown(LaunchOptions options) {
    return new ChildEngine(options, null, true);
  }

  @Override
  public Message message() {
    return SharedMessage.create(segments);
  }

  @Override
  public Child start(String name, Listener listener) {
    return start(name, new Child.Role(true, true), listener);
  }

  /** Starts a child that is not a worker of a pool. */
  public Child start(String name, Child.Role role, Listener listener) {
    return Child.start(name, role, this, listener);
  }

  /** Takes a child, before it can end. */
  void starts(Child child) {
    children.add(child);
  }

  LaunchOptions launchOptions(String name) {
    return options.withMainArguments(List.of(name));
  }

  @Nullable ChildLines lines() {
    return lines;
  }

  Segments segments() {
    return segments;
  }

  int loaderId(ClassLoader loader) {
    return LoaderRegistry.shared().idOf(loader);
  }

  void ended(Child child) {
    children.remove(child);
  }

  @Override
  public void forget(Code code) {
    children.forEach(child -> child.forgetCode(code.id()));
    code.message().close();
  }

  @Override
  public void assist(BooleanSupplier enough) {
    for (var child : children) {
      // All children have the same hub.
      child.hub().assist(enough);
      return;
    }
  }

  private void forgetSegment(long id) {
    children.forEach(child -> child.forgetSegment(id));
  }

  @Override
  public void close() {
    segments.close();
  }
}
