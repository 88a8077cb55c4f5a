package io.procession.testkit.net;

import static io.procession.internal.wire.ConnectionLayout.ACCEPTED;
import static io.procession.internal.wire.ConnectionLayout.CONNECTING;
import static io.procession.internal.wire.ConnectionLayout.GREETING_BYTES;
import static io.procession.internal.wire.ConnectionLayout.LISTENING;
import static io.procession.internal.wire.ConnectionLayout.MAX_MESSAGE_AT;
import static io.procession.internal.wire.ConnectionLayout.NONCE_AT;
import static io.procession.internal.wire.ConnectionLayout.NONCE_BYTES;
import static io.procession.internal.wire.ConnectionLayout.PROOF_BYTES;
import static io.procession.internal.wire.ConnectionLayout.REFUSED;
import static io.procession.internal.wire.ConnectionLayout.VERSION;
import static io.procession.internal.wire.ConnectionLayout.VERSION_AT;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.AuthenticationException;
import io.procession.internal.wire.ConnectionLayout;
import io.procession.shared.Client;
import io.procession.shared.Connection;
import io.procession.shared.Listener;
import io.procession.shared.ListenerBuilder;
import io.procession.testkit.NoLeaks;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Those who have no key, or do not keep to the protocol, get nowhere and hold up nobody. */
@NoLeaks
@SuppressWarnings("try") // what happens after close() is what is tested
class StrangerTest {

  private static final byte[] KEY = "the right key".getBytes(US_ASCII);
  private static final byte[] WRONG_KEY = "the wrong key".getBytes(US_ASCII);
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final LinkedBlockingQueue<IOException> refusals = new LinkedBlockingQueue<>();
  private Listener listener;

  @BeforeEach
  void open() throws Exception {
    listener = builder().open(LOOPBACK);
  }

  @AfterEach
  void close() throws Exception {
    listener.close();
  }

  private ListenerBuilder builder() {
    return Listener.builder(KEY).onRefusal(refusals::add).handshakeTimeout(Duration.ofMinutes(5));
  }

  /** Before its block does. */
  private static void end(AutoCloseable resource) throws Exception {
    resource.close();
  }

  private IOException refusal() throws Exception {
    var refusal = refusals.poll(1, TimeUnit.MINUTES);
    assertThat(refusal).isNotNull();
    return refusal;
  }

  private Peer stranger() throws IOException {
    return Peer.connect(listener.address());
  }

  private void friendsGetThrough() throws Exception {
    try (var there = Client.connect(listener.address(), KEY);
        var here = listener.accept()) {
      there.send("hello");
      assertThat(here.receive()).isEqualTo("hello");
    }
  }

  @Test
  void anotherKeyIsRefusedAndBothEndsLearnIt() throws Exception {
    for (var key : List.of(WRONG_KEY, new byte[1], Arrays.copyOf(KEY, KEY.length + 1))) {
      assertThatThrownBy(() -> Client.connect(listener.address(), key))
          .isInstanceOf(AuthenticationException.class)
          .hasMessageContaining("different keys")
          .hasMessageContaining("address=");
      assertThat(refusal()).isInstanceOf(AuthenticationException.class);
    }
    friendsGetThrough();
  }

  @Test
  void anEmptyKeyIsNone() {
    assertThatThrownBy(() -> Listener.open(LOOPBACK, new byte[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the key is empty");
    assertThatThrownBy(() -> Client.connect(listener.address(), new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theKeyIsCopied() throws Exception {
    var key = KEY.clone();
    try (var other = Listener.open(LOOPBACK, key)) {
      Arrays.fill(key, (byte) 0);
      Client.connect(other.address(), KEY).close();
      other.accept().close();
    }
  }

  @Test
  void otherProtocolsAreToldApartAtOnce() throws Exception {
    for (var words :
        List.of(
            "GET / HTTP/1.1\r\n\r\n",
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u0000\u0003\u0003\u0000")) {
      try (var stranger = stranger()) {
        stranger.write(words.getBytes(US_ASCII));
        assertThat(refusal())
            .isInstanceOf(ProtocolException.class)
            .hasMessageContaining("does not speak");
        stranger.awaitEnd();
      }
    }
    friendsGetThrough();
  }

  @Test
  void anotherVersionIsNamed() throws Exception {
    var greeting = Peer.greeting(CONNECTING);
    ByteBuffer.wrap(greeting).putInt(VERSION_AT, VERSION + 1);
    try (var stranger = stranger()) {
      stranger.write(greeting);
      assertThat(refusal())
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("peer=%d here=%d".formatted(VERSION + 1, VERSION));
    }
    fakeListener(
            peer -> {
              var theirs = Peer.greeting(LISTENING);
              ByteBuffer.wrap(theirs).putInt(VERSION_AT, VERSION + 1);
              peer.write(theirs);
              peer.awaitEnd();
            })
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("another version");
  }

  @Test
  void whoAllowsNoMessagesIsRefused() throws Exception {
    for (var size : new int[] {0, -1, Integer.MIN_VALUE}) {
      var greeting = Peer.greeting(CONNECTING);
      ByteBuffer.wrap(greeting).putInt(MAX_MESSAGE_AT, size);
      try (var stranger = stranger()) {
        stranger.write(greeting);
        assertThat(refusal()).isInstanceOf(ProtocolException.class);
      }
    }
  }

  @Test
  void garbageForAProofIsRefused() throws Exception {
    try (var stranger = stranger()) {
      stranger.write(Peer.greeting(CONNECTING));
      stranger.read(GREETING_BYTES);
      stranger.write(new byte[PROOF_BYTES]);
      assertThat(stranger.read(1)).containsExactly(REFUSED);
      assertThatThrownBy(() -> stranger.read(1)).isInstanceOf(IOException.class);
      assertThat(refusal()).isInstanceOf(AuthenticationException.class);
    }
    friendsGetThrough();
  }

  @Test
  void whoGoesAwayIsForgotten() throws Exception {
    for (var bytes = 0; bytes < GREETING_BYTES + PROOF_BYTES; bytes += 9) {
      try (var stranger = stranger()) {
        stranger.write(Arrays.copyOf(Peer.greeting(CONNECTING), Math.min(bytes, GREETING_BYTES)));
        stranger.write(new byte[Math.max(0, bytes - GREETING_BYTES)]);
      }
      assertThat(refusal()).isInstanceOf(IOException.class);
    }
    friendsGetThrough();
  }

  @Test
  void aSilentStrangerHoldsUpNobody() throws Exception {
    var silent = new Peer[10];
    for (var i = 0; i < silent.length; i++) {
      silent[i] = stranger();
    }
    friendsGetThrough();
    friendsGetThrough();
    assertThat(refusals).isEmpty();
    listener.close();
    for (var stranger : silent) {
      stranger.awaitEnd();
      stranger.close();
    }
    assertThat(refusals).isEmpty();
  }

  @Test
  void silentAndSlowStrangersAreDroppedInTime() throws Exception {
    try (var strict = builder().handshakeTimeout(Duration.ofMillis(50)).open(LOOPBACK);
        var silent = Peer.connect(strict.address());
        var slow = Peer.connect(strict.address())) {
      for (var next : Arrays.copyOf(Peer.greeting(CONNECTING), 20)) {
        slow.write(next);
      }
      for (var stranger : List.of(silent, slow)) {
        stranger.awaitEnd();
        assertThat(refusal())
            .isInstanceOf(SocketTimeoutException.class)
            .hasMessageContaining("did not answer in time");
      }
    }
  }

  @Test
  void aRecordedHandshakeDoesNotPassAgain() throws Exception {
    var greeting = Peer.greeting(CONNECTING);
    byte[] proof;
    try (var friend = stranger()) {
      friend.write(greeting);
      proof = Peer.prove(KEY, CONNECTING, greeting, friend.read(GREETING_BYTES));
      friend.write(proof);
      assertThat(friend.read(1)).containsExactly(ACCEPTED);
      listener.accept().close();
    }
    try (var stranger = stranger()) {
      stranger.write(greeting);
      stranger.write(proof);
      stranger.read(GREETING_BYTES);
      assertThat(stranger.read(1)).containsExactly(REFUSED);
    }
    assertThat(refusal()).isInstanceOf(AuthenticationException.class);
  }

  @Test
  void theListenerProvesNothingToStrangersAndItsProofIsNoneOfTheOtherRole() throws Exception {
    try (var friend = stranger()) {
      var ours = Peer.greeting(CONNECTING);
      friend.write(ours);
      var theirs = friend.read(GREETING_BYTES);
      assertThat(Peer.prove(KEY, CONNECTING, ours, theirs))
          .isNotEqualTo(Peer.prove(KEY, LISTENING, ours, theirs))
          .isNotEqualTo(Peer.prove(KEY, CONNECTING, theirs, ours));
      friend.write(Peer.prove(KEY, LISTENING, ours, theirs));
      assertThat(friend.read(1)).containsExactly(REFUSED);
      assertThatThrownBy(() -> friend.read(1)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void whoOnlyReflectsGetsNowhere() throws Exception {
    try (var mirror = stranger()) {
      mirror.write(mirror.read(GREETING_BYTES));
      assertThat(refusal())
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("wrong role");
    }
    fakeListener(
            peer -> {
              peer.write(peer.read(GREETING_BYTES));
              peer.awaitEnd();
            })
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("wrong role");
    fakeListener(
            peer -> {
              var theirs = peer.read(GREETING_BYTES);
              var nonce = Arrays.copyOfRange(theirs, NONCE_AT, NONCE_AT + NONCE_BYTES);
              peer.write(ConnectionLayout.greeting(LISTENING, nonce, 1000));
              var proof = peer.read(PROOF_BYTES);
              peer.write(ACCEPTED);
              peer.write(proof);
              peer.awaitEnd();
            })
        .isInstanceOf(AuthenticationException.class)
        .hasMessageContaining("could not prove");
  }

  @Test
  void aListenerWithoutTheKeyIsFoundOut() throws Exception {
    fakeListener(
            peer -> {
              peer.write(Peer.greeting(LISTENING));
              peer.read(GREETING_BYTES + PROOF_BYTES);
              peer.write(ACCEPTED);
              peer.write(new byte[PROOF_BYTES]);
              peer.awaitEnd();
            })
        .isInstanceOf(AuthenticationException.class)
        .hasMessageContaining("could not prove that it has the key");
  }

  @Test
  void aListenerThatEndsOrIsSilent() throws Exception {
    fakeListener(peer -> peer.write(Peer.greeting(LISTENING)))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(AuthenticationException.class);
    try (var server = ServerSocketChannel.open().bind(LOOPBACK)) {
      assertThatThrownBy(() ->
              Client.builder(KEY)
                  .handshakeTimeout(Duration.ofMillis(50))
                  .connect(server.getLocalAddress()))
          .isInstanceOf(SocketTimeoutException.class);
      var thread = new CompletableFuture<Thread>();
      var connecting =
          new FutureTask<Connection>(() -> {
            thread.complete(Thread.currentThread());
            return Client.connect(server.getLocalAddress(), KEY);
          });
      Thread.ofVirtual().start(connecting);
      thread.get().interrupt();
      assertThatThrownBy(connecting::get).hasCauseInstanceOf(InterruptedException.class);
    }
  }

  private interface Role {
    void play(Peer peer) throws Exception;
  }

  /** What a client meets at a listener that is none. */
  private static org.assertj.core.api.AbstractThrowableAssert<?, ?> fakeListener(Role role)
      throws Exception {
    try (var server = ServerSocketChannel.open().bind(LOOPBACK)) {
      var played =
          new FutureTask<Void>(() -> {
            try (var peer = new Peer(server.accept())) {
              role.play(peer);
            }
            return null;
          });
      Thread.ofPlatform().start(played);
      var met = assertThatThrownBy(() -> Client.connect(server.getLocalAddress(), KEY));
      played.get();
      return met;
    }
  }

  @Test
  void noMessageIsLargerThanWasAllowed() throws Exception {
    try (var strict = builder().maxMessageBytes(100).open(LOOPBACK);
        var there = Client.connect(strict.address(), KEY);
        var here = strict.accept()) {
      there.sendBytes(new byte[100]);
      assertThat(here.receiveBytes()).hasSize(100);
      assertThatThrownBy(() -> there.sendBytes(new byte[101]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("bytes=101 maxMessageBytes=100");
      for (var bytes : new int[] {100, 1000, 10_000_000}) {
        assertThatThrownBy(() -> there.send(new byte[bytes]))
            .isExactlyInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("larger than the peer allows");
      }
      there.send("next");
      assertThat(here.receive()).isEqualTo("next");
      here.sendBytes(new byte[101]);
      assertThat(there.receiveBytes()).hasSize(101);
    }
  }

  @Test
  void anAnnouncedSizeTakesNoMemoryBeforeTheBytesCome() throws Exception {
    for (var announced : new int[] {Integer.MAX_VALUE, -1, 1_000_000_000}) {
      try (var peer = stranger()) {
        peer.handshake(KEY);
        try (var here = listener.accept()) {
          peer.write(ByteBuffer.allocate(4).putInt(announced).array());
          peer.write(new byte[1000]);
          var threads =
              (com.sun.management.ThreadMXBean)
                  java.lang.management.ManagementFactory.getThreadMXBean();
          var before = threads.getCurrentThreadAllocatedBytes();
          if (announced == 1_000_000_000) {
            assertThat(here.poll(Duration.ofMillis(50))).isFalse();
            end(peer);
            assertThatThrownBy(here::receive)
                .isInstanceOf(EOFException.class)
                .hasMessageContaining("in the middle of a message");
          } else {
            assertThatThrownBy(here::receive)
                .isInstanceOf(IOException.class)
                .hasCauseInstanceOf(ProtocolException.class)
                .hasMessageContaining("bytes=" + announced);
          }
          assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(20_000_000);
        }
      }
    }
  }
}
