package io.fmware.retry;

import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.FmCall;
import java.util.Locale;
import java.util.Objects;

/**
 * Says whether an answer may be used. Thread-safe; must not change anything. A validator that throws fails the call: an answer
 * that could not be checked is not returned as valid.
 */
@FunctionalInterface
public interface Validator {

    /**
     * Checks an answer.
     *
     * @param call what was asked
     * @param response what came back; its text is not {@code null}
     * @return the verdict
     */
    Verdict validate(FmCall call, ChatResponse response);

    /**
     * The name under which a {@link RepromptReport} counts what was rejected. By default the simple name of the class with a
     * small first letter, or "validator" for a lambda.
     *
     * @return a short name, always the same
     */
    default String name() {
        String simple = getClass().getSimpleName();
        return simple.isEmpty() || getClass().isHidden() || getClass().isSynthetic()
                ? "validator"
                : simple.substring(0, 1).toLowerCase(Locale.ROOT) + simple.substring(1);
    }

    /**
     * The same validator under a name of the user's.
     *
     * @param changed the name
     * @return the validator
     */
    default Validator named(String changed) {
        return new NamedValidator(changed, this);
    }

    /**
     * Both this and another: the second is asked only about what the first finds valid. Each is counted under its own name.
     *
     * @param other the second
     * @return a validator of both
     */
    default Validator and(Validator other) {
        return new BothValidators(this, Objects.requireNonNull(other, "other"));
    }
}
