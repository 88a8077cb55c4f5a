package video;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;

/**
 * Any other format, as the program ffmpeg decodes it: sixty small pictures a second, whatever the
 * video has. What ffmpeg complains about goes to stderr.
 */
final class FfmpegFilm implements Film {

  private static final int WIDTH = 384;
  private static final int HEIGHT = 288;
  private static final int PICTURES_PER_SECOND = 60;

  private final Process ffmpeg;
  private final InputStream pictures;
  private final byte[] bytes = new byte[WIDTH * HEIGHT * 3];
  private final BufferedImage picture =
      new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
  private long number = -1;

  FfmpegFilm(Path file) throws IOException {
    var filter = "fps=%d,scale=%d:%d:flags=area".formatted(PICTURES_PER_SECOND, WIDTH, HEIGHT);
    var builder =
        new ProcessBuilder(
                "ffmpeg",
                "-nostdin",
                "-v",
                "error",
                "-xerror",
                "-i",
                "file:" + file,
                "-map",
                "0:v:0",
                "-vf",
                filter,
                "-pix_fmt",
                "rgb24",
                "-f",
                "rawvideo",
                "pipe:1")
            .redirectError(Redirect.INHERIT);
    try {
      ffmpeg = builder.start();
    } catch (IOException e) {
      throw new UnsupportedOperationException("it needs ffmpeg, which is not on the PATH", e);
    }
    ffmpeg.getOutputStream().close();
    pictures = ffmpeg.getInputStream();
  }

  @Override
  public boolean next() throws IOException {
    int length = pictures.readNBytes(bytes, 0, bytes.length);
    if (length < bytes.length) {
      int exitCode = exitCode();
      if (exitCode != 0 || length > 0 || number < 0) {
        throw new EOFException("ffmpeg cannot decode it. exitCode=" + exitCode);
      }
      return false;
    }
    var pixels = ((DataBufferInt) picture.getRaster().getDataBuffer()).getData();
    for (int pixel = 0, at = 0; pixel < pixels.length; pixel++, at += 3) {
      pixels[pixel] = (bytes[at] & 255) << 16 | (bytes[at + 1] & 255) << 8 | (bytes[at + 2] & 255);
    }
    number++;
    return true;
  }

  private int exitCode() throws IOException {
    try {
      return ffmpeg.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while ffmpeg ends", e);
    }
  }

  @Override
  public BufferedImage picture() {
    return picture;
  }

  @Override
  public long millis() {
    return number * 1000 / PICTURES_PER_SECOND;
  }

  /** Ends ffmpeg, if it has not ended by itself. */
  @Override
  public void close() throws IOException {
    ffmpeg.destroyForcibly();
    pictures.close();
  }
}
