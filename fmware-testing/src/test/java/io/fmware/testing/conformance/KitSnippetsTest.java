package io.fmware.testing.conformance;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import org.junit.jupiter.api.Nested;

/** The examples of the page on the kit. */
class KitSnippetsTest {

    @Nested
    // docs:start kit-use
    class MyDecoratorTest extends ChatModelConformance {
        @Override
        protected ChatModel decorate(ChatModel delegate) {
            return new ThinChatModel(delegate); // yours
        }
    }
    // docs:end kit-use

    @Nested
    // docs:start kit-promise
    class MyStreamingDecoratorTest extends StreamingChatModelConformance {
        @Override
        protected StreamingChatModel decorate(StreamingChatModel delegate) {
            return new ThinStreamingChatModel(delegate); // yours
        }

        @Override
        protected boolean endsCancelledStreams() {
            return false; // not promised: the rule is skipped, and shows as skipped
        }

        @Override
        protected boolean latchesTheTerminalEvent() {
            return false;
        }

        @Override
        protected boolean copiesMessages() {
            return false;
        }
    }
    // docs:end kit-promise
}
