package io.procession.internal.codec;

/**
 * The byte with which each value starts.
 *
 * <pre>
 *   tag           followed by
 *   NULL          nothing
 *   HANDLE        number of a value with identity, in the order in which they started
 *   JDK           bytes of the message's one JDK stream, up to the end of one object
 *   … leaves      the value; no number
 *   … the rest    takes the next number, then its parts
 * </pre>
 *
 * Counts and numbers are variable-length integers; texts are laid out by {@link Text}, classes by
 * {@link Encoder#writeClass}.
 */
final class Tag {

  static final int NULL = 0;
  static final int HANDLE = 1;
  static final int JDK = 2;

  // leaves
  static final int FALSE = 3;
  static final int TRUE = 4;
  static final int BYTE = 5;
  static final int SHORT = 6;
  static final int CHARACTER = 7;
  static final int INTEGER = 8;
  static final int LONG = 9;
  static final int FLOAT = 10;
  static final int DOUBLE = 11;
  static final int SHORT_TEXT = 12;
  static final int UUID = 13;
  static final int INSTANT = 14;
  static final int DURATION = 15;
  static final int LOCAL_DATE = 16;
  static final int LOCAL_TIME = 17;
  static final int LOCAL_DATE_TIME = 18;
  static final int OPTIONAL = 19;
  static final int OPTIONAL_INT = 20;
  static final int OPTIONAL_LONG = 21;
  static final int OPTIONAL_DOUBLE = 22;
  static final int CLASS = 23;
  static final int SINGLETON = 24;
  static final int KNOWN_THROWABLE = 25;

  // scalars with identity
  static final int FIRST_WITH_IDENTITY = 32;
  static final int LONG_TEXT = 32;
  static final int BIG_INTEGER = 33;
  static final int BIG_DECIMAL = 34;
  static final int ENUM = 35;
  static final int PATH = 36;
  static final int ATOMIC_INTEGER = 37;
  static final int ATOMIC_LONG = 38;
  static final int ATOMIC_BOOLEAN = 39;
  static final int LAST_SCALAR = 39;

  // arrays
  static final int BOOLEANS = 48;
  static final int BYTES = 49;
  static final int SHORTS = 50;
  static final int CHARS = 51;
  static final int INTS = 52;
  static final int LONGS = 53;
  static final int FLOATS = 54;
  static final int DOUBLES = 55;
  static final int LAST_PRIMITIVE_ARRAY = 55;
  static final int OBJECTS = 56;

  // containers that exist before their elements, so that a cycle may pass through them
  static final int FIRST_CONTAINER = 64;
  static final int ARRAY_LIST = 64;
  static final int LINKED_LIST = 65;
  static final int ARRAY_DEQUE = 66;
  static final int HASH_SET = 67;
  static final int LINKED_HASH_SET = 68;
  static final int TREE_SET = 69;
  static final int HASH_MAP = 70;
  static final int LINKED_HASH_MAP = 71;
  static final int TREE_MAP = 72;
  static final int LAST_CONTAINER = 72;

  // values that exist only after their parts, so that no cycle can pass through them
  static final int FIRST_CLOSED = 80;
  static final int LIST_OF = 80;
  static final int LIST_WITH_NULLS = 81;
  static final int SET_OF = 82;
  static final int MAP_OF = 83;
  static final int ENTRY = 84;
  static final int IMMUTABLE_ENTRY = 85;
  static final int RECORD = 86;
  static final int FUNCTION = 87;
  static final int FRESH = 88;
  static final int TRANSFERABLE = 89;

  /** Never written: what cannot travel. */
  static final int REFUSED = 127;

  private Tag() {}
}
