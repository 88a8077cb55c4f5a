package video;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** The pictures of a video, one after the other; only one of them is in memory. */
public interface Film extends AutoCloseable {

  /** As many as an 8K picture has; a file that claims more is not believed. */
  int MAX_PIXELS = 7680 * 4320;

  /**
   * Goes on to the next picture, if there is one.
   *
   * @throws IOException if the file is broken or cut off
   */
  boolean next() throws IOException;

  /** The picture, of type {@code INT_RGB}; {@link #next} may change it. */
  BufferedImage picture();

  /** When the picture appears, counted from the start of the video. */
  long millis();

  @Override
  void close() throws IOException;

  /** Whether another program reads such files, for which they must stay where they are. */
  static boolean needsFile(Path file) {
    var name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return !name.endsWith(".gif") && !name.endsWith(".avi");
  }

  /**
   * Opens a video.
   *
   * @param bytes what is in the file; null if it is to be read from where it is
   * @throws UnsupportedOperationException if nothing here can read this format
   * @throws IOException if the file is broken or cannot be read
   */
  static Film open(Path file, byte[] bytes) throws IOException {
    if (needsFile(file)) {
      return new FfmpegFilm(file);
    }
    var in =
        bytes == null
            ? new FileImageInputStream(file.toFile())
            : new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes));
    try {
      var film = open(in, bytes == null ? Files.size(file) : bytes.length);
      if (film != null) {
        return film;
      }
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
    in.close();
    return new FfmpegFilm(file);
  }

  /** Null if it is an AVI file whose pictures are no JPEGs. */
  private static Film open(ImageInputStream in, long length) throws IOException {
    var start = new byte[12];
    in.mark();
    int read = Math.max(0, in.read(start));
    in.reset();
    var text = new String(start, 0, read, ISO_8859_1);
    if (text.startsWith("GIF8")) {
      return new GifFilm(in);
    }
    if (text.startsWith("RIFF") && text.endsWith("AVI ")) {
      var film = new AviFilm(in, length);
      return film.isMotionJpeg() ? film : null;
    }
    throw new IOException("it is neither a GIF nor an AVI file");
  }

  /** An empty picture, if the size can be believed. */
  static BufferedImage newPicture(int width, int height, int type) throws IOException {
    if (width < 1 || height < 1 || (long) width * height > MAX_PIXELS) {
      throw new IOException("a picture of %d x %d pixels cannot be".formatted(width, height));
    }
    return new BufferedImage(width, height, type);
  }
}
