package io.fmware.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;

/**
 * How a call ended for its user.
 *
 * @param response the answer, or null
 * @param error why there is none, or null
 * @param events what a handler was given before the end: {@code text:..}, {@code thinking:..}, {@code part:..}, {@code tool:..}
 */
public record Answered(ChatResponse response, Throwable error, List<String> events) {

    public String text() {
        assertThat(error).as("error of the call").isNull();
        return response.aiMessage().text();
    }

    public <E extends Throwable> E failure(Class<E> type) {
        assertThat(error).as("error of the call").isExactlyInstanceOf(type);
        return type.cast(error);
    }
}
