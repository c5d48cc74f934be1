package io.fmware.retry;

import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.FmCall;
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
     * Both this and another: the second is asked only about what the first finds valid.
     *
     * @param other the second
     * @return a validator of both
     */
    default Validator and(Validator other) {
        Objects.requireNonNull(other, "other");
        return (call, response) -> {
            Verdict first = validate(call, response);
            return first != null && first.isValid() ? other.validate(call, response) : first;
        };
    }
}
