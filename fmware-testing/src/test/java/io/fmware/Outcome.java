package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;

/**
 * How a call ended for the user.
 *
 * @param response the answer, or null
 * @param error why there is none, or null
 * @param events what a handler was given, in the notation of {@link RecordingHandler}; empty where nothing is streamed
 */
record Outcome(ChatResponse response, Throwable error, List<String> events) {

    String text() {
        assertThat(error).as("error of the call").isNull();
        return response.aiMessage().text();
    }

    <E extends Throwable> E error(Class<E> type) {
        assertThat(error).as("error of the call").isExactlyInstanceOf(type);
        return type.cast(error);
    }
}
