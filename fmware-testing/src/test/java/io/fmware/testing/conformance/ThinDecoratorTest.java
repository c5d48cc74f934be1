package io.fmware.testing.conformance;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import io.fmware.testing.Faults;
import io.fmware.testing.FaultyChatModel;
import io.fmware.testing.FaultyStreamingChatModel;
import org.junit.jupiter.api.Nested;

/** What keeps the rules passes the kit; a pass-through of a stream says which of them it does not promise. */
class ThinDecoratorTest {

    @Nested
    class ThinChat extends ChatModelConformance {
        @Override
        protected ChatModel decorate(ChatModel delegate) {
            return new ThinChatModel(delegate);
        }

        @Override
        protected long interceptions(ChatModel decorated) {
            return ((ThinChatModel) decorated).calls();
        }
    }

    @Nested
    class ThinStreamingChat extends StreamingChatModelConformance {
        @Override
        protected StreamingChatModel decorate(StreamingChatModel delegate) {
            return new ThinStreamingChatModel(delegate);
        }

        @Override
        protected long interceptions(StreamingChatModel decorated) {
            return ((ThinStreamingChatModel) decorated).calls();
        }

        @Override
        protected boolean latchesTheTerminalEvent() {
            return false;
        }

        @Override
        protected boolean endsCancelledStreams() {
            return false;
        }

        @Override
        protected boolean copiesMessages() {
            return false;
        }
    }

    @Nested
    class ThinEmbedding extends EmbeddingModelConformance {
        @Override
        protected EmbeddingModel decorate(EmbeddingModel delegate) {
            return new ThinEmbeddingModel(delegate);
        }
    }

    /** langchain4j's own decorator. */
    @Nested
    class ListeningEmbedding extends EmbeddingModelConformance {
        @Override
        protected EmbeddingModel decorate(EmbeddingModel delegate) {
            return delegate.addListener(new EmbeddingModelListener() {});
        }
    }

    @Nested
    class FaultyChatWithoutFaults extends ChatModelConformance {
        @Override
        protected ChatModel decorate(ChatModel delegate) {
            return FaultyChatModel.wrap(delegate, Faults.seeded(1));
        }
    }

    @Nested
    class FaultyStreamingChatWithoutFaults extends StreamingChatModelConformance {
        @Override
        protected StreamingChatModel decorate(StreamingChatModel delegate) {
            return FaultyStreamingChatModel.wrap(delegate, Faults.seeded(1));
        }

        @Override
        protected boolean latchesTheTerminalEvent() {
            return false;
        }

        @Override
        protected boolean endsCancelledStreams() {
            return false;
        }

        @Override
        protected boolean copiesMessages() {
            return false;
        }
    }
}
