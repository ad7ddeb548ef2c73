package com.sharestack.contract.wire;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * A field of a partial update. The component itself is null when the field was absent; a present
 * field holds its value, and null where the client sent {@code null} to clear it.
 */
@JsonDeserialize(using = Patch.Reader.class)
public record Patch<T>(@JsonValue T value) {

  public static <T> Patch<T> of(T value) {
    return new Patch<>(value);
  }

  /** Calls {@code set} with the field's value, null included, when the field was sent. */
  public static <T> void ifPresent(Patch<T> field, Consumer<T> set) {
    if (field != null) {
      set.accept(field.value());
    }
  }

  /** The value sent, or {@code present} when the field was absent. */
  public static <T> T orElse(Patch<T> field, T present) {
    return field == null ? present : field.value();
  }

  static final class Reader extends JsonDeserializer<Patch<?>> implements ContextualDeserializer {
    private final JavaType content;

    Reader() {
      this(null);
    }

    private Reader(JavaType content) {
      this.content = content;
    }

    @Override
    public JsonDeserializer<?> createContextual(DeserializationContext context, BeanProperty p) {
      JavaType type = context.getContextualType();
      return new Reader(type.containedTypeOrUnknown(0));
    }

    @Override
    public Patch<?> deserialize(com.fasterxml.jackson.core.JsonParser p, DeserializationContext c)
        throws IOException {
      return new Patch<>(c.readValue(p, content));
    }

    @Override
    public Object getAbsentValue(DeserializationContext context) {
      return null;
    }

    @Override
    public Patch<?> getNullValue(DeserializationContext context) {
      return new Patch<>(null);
    }
  }
}
