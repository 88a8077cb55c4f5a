package io.procession.internal.worker;

import io.procession.internal.wire.ClassReply.Entry;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;

/**
 * Addresses of resources that the parent sent: {@code procession:/<loader>/<index>/<name>}. The
 * bytes live as long as the address; an address made relative to it asks the loader again.
 */
final class RemoteResource extends URLStreamHandler {

  private final RemoteClassLoader loader;
  private final String prefix;
  private final String name;
  private final byte[] bytes;

  private RemoteResource(RemoteClassLoader loader, String prefix, String name, byte[] bytes) {
    this.loader = loader;
    this.prefix = prefix;
    this.name = name;
    this.bytes = bytes;
  }

  /** Where a loader's classes come from. */
  static URL root(RemoteClassLoader loader) {
    return url(loader, "/" + loader.id() + "/0/", "", new byte[0]);
  }

  /**
   * The address of a resource.
   *
   * @param index tells resources of one name apart
   */
  static URL url(RemoteClassLoader loader, int index, Entry entry) {
    return url(loader, "/" + loader.id() + "/" + index + "/", entry.name(), entry.bytes());
  }

  private static URL url(RemoteClassLoader loader, String prefix, String name, byte[] bytes) {
    try {
      return URL.of(
          new URI("procession", null, prefix + name, null),
          new RemoteResource(loader, prefix, name, bytes));
    } catch (MalformedURLException | URISyntaxException e) {
      throw new IllegalArgumentException("A resource has a name that no address can hold.", e);
    }
  }

  @Override
  protected URLConnection openConnection(URL url) throws IOException {
    var path = URI.create(url.toExternalForm()).getPath();
    if (path.equals(prefix + name)) {
      return new Connection(url, bytes);
    }
    var other =
        path.startsWith(prefix) ? loader.getResource(path.substring(prefix.length())) : null;
    if (other == null) {
      throw new FileNotFoundException("The parent process has no such resource. url=" + url);
    }
    return other.openConnection();
  }

  private static final class Connection extends URLConnection {

    private final byte[] bytes;

    Connection(URL url, byte[] bytes) {
      super(url);
      this.bytes = bytes;
    }

    @Override
    public void connect() {
      connected = true;
    }

    @Override
    public InputStream getInputStream() {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public long getContentLengthLong() {
      return bytes.length;
    }

    @Override
    public int getContentLength() {
      return bytes.length;
    }

    @Override
    public String getContentType() {
      return guessContentTypeFromName(url.getPath());
    }
  }
}
