package com.sharestack.gateway.contract;

/**
 * Where in a request a value stands: a chain from the value up to the root, rendered only when
 * something is wrong there.
 */
public final class Path {
  /** The body itself, or the parent of all parameters. */
  public static final Path ROOT = new Path(null, null, -1);

  private final Path parent;
  private final String key;
  private final int index;

  private Path(Path parent, String key, int index) {
    this.parent = parent;
    this.key = key;
    this.index = index;
  }

  public Path key(String name) {
    return new Path(this, name, -1);
  }

  public Path index(int position) {
    return new Path(this, null, position);
  }

  /** RFC 6901, empty for the root. */
  public String pointer() {
    return parent == null ? "" : appendPointer(new StringBuilder()).toString();
  }

  /** {@code items[0].name}; {@code body} for the root. */
  public String field() {
    return parent == null ? "body" : appendField(new StringBuilder()).toString();
  }

  private StringBuilder appendPointer(StringBuilder out) {
    if (parent == null) {
      return out;
    }
    parent.appendPointer(out).append('/');
    return key == null ? out.append(index) : out.append(key.replace("~", "~0").replace("/", "~1"));
  }

  private StringBuilder appendField(StringBuilder out) {
    if (parent == null) {
      return out;
    }
    parent.appendField(out);
    if (key == null) {
      return out.append('[').append(index).append(']');
    }
    return (out.isEmpty() ? out : out.append('.')).append(key);
  }

  @Override
  public String toString() {
    return pointer();
  }
}
