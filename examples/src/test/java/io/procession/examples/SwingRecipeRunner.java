package io.procession.examples;

import io.procession.Pool;
import io.procession.WorkerInfo;
import java.util.concurrent.CompletableFuture;
import javax.swing.JButton;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.SwingUtilities;

/** Clicks the buttons of the recipe's panel as somebody would, without a display. */
final class SwingRecipeRunner {

  private final JLabel answer;
  private final JButton count;
  private final JButton stop;

  private SwingRecipeRunner(JPanel panel) {
    answer = (JLabel) panel.getComponent(0);
    count = (JButton) panel.getComponent(1);
    stop = (JButton) panel.getComponent(2);
  }

  /**
   * @param arguments the name of the recipe's class
   */
  static void main(String[] arguments) throws Exception {
    var panel = Class.forName(arguments[0]).getDeclaredMethod("panel", Pool.class, int.class);
    panel.setAccessible(true);
    try (var pool = Pool.ofProcesses(1)) {
      var small = new SwingRecipeRunner((JPanel) panel.invoke(null, pool, 1000));
      var large = new SwingRecipeRunner((JPanel) panel.invoke(null, pool, Integer.MAX_VALUE));

      IO.println(small.answerAfter(small.count));

      SwingUtilities.invokeAndWait(large.stop::doClick); // there is nothing yet to stop
      SwingUtilities.invokeAndWait(large.count::doClick);
      while (pool.workers().getFirst().state() != WorkerInfo.State.BUSY) {
        Thread.onSpinWait();
      }
      SwingUtilities.invokeAndWait(
          () -> IO.println("while it counts Swing goes on, and it is " + enabled(large.count)));
      IO.println(large.answerAfter(large.stop));
      SwingUtilities.invokeAndWait(() -> IO.println("then it is " + enabled(large.count)));

      IO.println(small.answerAfter(small.count) + " with the same pool");
    }
    System.exit(0);
  }

  private static String enabled(JButton button) {
    return button.isEnabled() ? "enabled" : "disabled";
  }

  /** What the label says when one may count again; Swing's thread must see to both. */
  private String answerAfter(JButton button) throws Exception {
    var said = new CompletableFuture<String>();
    SwingUtilities.invokeAndWait(() -> {
      count.addPropertyChangeListener(
          "enabled",
          _ -> {
            if (!SwingUtilities.isEventDispatchThread()) {
              said.completeExceptionally(new IllegalStateException("on another thread"));
            } else if (count.isEnabled()) {
              said.complete(answer.getText());
            }
          });
      button.doClick();
    });
    return said.join();
  }
}
