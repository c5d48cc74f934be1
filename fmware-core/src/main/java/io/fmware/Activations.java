package io.fmware;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How strongly features of a model were active when it answered, or are to be: what such a feature means is known, as with the
 * features of a sparse autoencoder. A model reports them in the attributes of its answer, so that they are recorded with it;
 * a {@link SteerableChatModel} also takes them {@linkplain #PINNED pinned}.
 *
 * <p>Immutable and thread-safe; equal where all features are.
 */
public final class Activations {
    /**
     * On a call: what the model is to have pinned. Given to models that take it, and to no other. A cache leaves such calls out where
     * it sees this: set it before the phase {@link Phase#CACHE}.
     */
    public static final AttributeKey<Activations> PINNED = AttributeKey.of("pinned activations", Activations.class);

    /** The name of the attribute of an {@link AiMessage} that holds them, as a map of numbers by name. */
    public static final String ATTRIBUTE = "fmware.activations";

    private static final Activations NONE = new Activations(Map.of());

    private final Map<String, Double> values;

    private Activations(Map<String, Double> values) {
        this.values = Collections.unmodifiableMap(new TreeMap<>(values));
    }

    /**
     * No features.
     *
     * @return always the same
     */
    public static Activations none() {
        return NONE;
    }

    /**
     * Activations of features.
     *
     * @param values by the name of the feature, finite
     * @return the activations
     * @throws IllegalArgumentException if a name is blank or a value is not finite
     */
    public static Activations of(Map<String, Double> values) {
        values.forEach(Activations::check);
        return values.isEmpty() ? NONE : new Activations(values);
    }

    private static void check(String feature, Double value) {
        if (feature.isBlank()) {
            throw new IllegalArgumentException("the name of a feature must not be blank");
        }
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(
                    "the activation of feature " + feature + " must be a finite number, but is " + value);
        }
    }

    /**
     * Those that a model has reported with an answer.
     *
     * @param answer the answer
     * @return the activations, none where it has reported none; without values that are no numbers any more, such as those that
     *     a redactor took out
     */
    public static Activations of(ChatResponse answer) {
        return of(answer.aiMessage());
    }

    /**
     * Those that a model has reported with a message.
     *
     * @param message the message
     * @return the activations
     * @see #of(ChatResponse)
     */
    public static Activations of(@Nullable AiMessage message) {
        Object given = message == null ? null : message.attributes().get(ATTRIBUTE);
        if (!(given instanceof Map<?, ?> map)) {
            return NONE;
        }
        Map<String, Double> values = new LinkedHashMap<>();
        map.forEach((feature, value) -> {
            if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
                values.put(String.valueOf(feature), number.doubleValue());
            }
        });
        return of(values);
    }

    /**
     * Puts them into a message, for a model that reports them.
     *
     * @param message the answer
     * @return the answer with them among its attributes, in the place of those that were there
     */
    public AiMessage reportedIn(AiMessage message) {
        Map<String, Object> attributes = new LinkedHashMap<>(message.attributes());
        attributes.put(ATTRIBUTE, new LinkedHashMap<>(values));
        return message.toBuilder().attributes(attributes).build();
    }

    /**
     * These and others.
     *
     * @param others which count where both have a feature
     * @return the activations
     */
    public Activations with(Activations others) {
        Map<String, Double> all = new TreeMap<>(values);
        all.putAll(Objects.requireNonNull(others, "others").values);
        return of(all);
    }

    /**
     * How strongly a feature is active.
     *
     * @param feature its name
     * @return the activation, empty where nothing is known of it
     */
    public OptionalDouble value(String feature) {
        Double value = values.get(feature);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /**
     * All of them.
     *
     * @return by the name of the feature, sorted, not to be changed
     */
    public Map<String, Double> values() {
        return values;
    }

    /**
     * Whether nothing is known of any feature.
     *
     * @return whether it is so
     */
    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** What a call wants pinned, {@code null} for nothing. */
    static @Nullable Activations pinnedBy(FmCall call) {
        Activations pinned = call.attribute(PINNED);
        return pinned == null || pinned.isEmpty() ? null : pinned;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Activations activations && values.equals(activations.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return "activations " + values;
    }
}
