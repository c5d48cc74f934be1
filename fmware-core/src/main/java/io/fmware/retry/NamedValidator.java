package io.fmware.retry;

import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.FmCall;
import java.util.Objects;

/** A validator under a name. */
record NamedValidator(String name, Validator validator) implements Validator {

    NamedValidator {
        if (Objects.requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException("the name of a validator must not be blank");
        }
    }

    @Override
    public Verdict validate(FmCall call, ChatResponse response) {
        return validator.validate(call, response);
    }

    @Override
    public Validator named(String changed) {
        return new NamedValidator(changed, validator);
    }
}
