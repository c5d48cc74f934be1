package io.fmware.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.embedding.EmbeddingModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NaiveDecoratorTest {

    /** langchain4j 1.20 copies the messages of a request itself: there nothing breaks this rule. */
    private static final String COPIED_BY_NEWER_VERSIONS = "messagesChangedAfterTheCallAreNotSeen";

    private static final String[] STREAM_RULES_THAT_A_PASS_THROUGH_BREAKS = {
        "aCancelledStreamEnds",
        "aCompletionAfterAnErrorIsDropped",
        "aHandlerThatThrowsAtTheEndGetsNoSecondEnd",
        "aHandlerThatThrowsGetsOneErrorAndNothingElse",
        "aSecondCompletionIsDropped",
        "anErrorAfterTheCompletionIsDropped",
        "partialResponsesAfterTheCompletionAreDropped"
    };

    @Test
    void a_naive_chat_decorator_breaks_the_rules_of_listeners_options_and_description() {
        assertThat(KitRun.of(NaiveChat.class).broken())
                .containsOnlyKeys(
                        "defaultRequestParametersAreForwarded",
                        "listenersAreNotifiedOnceBelowTwoLayers",
                        "listenersOfTheDelegateAreNotifiedOncePerCall",
                        "listenersOfTheDelegateAreNotifiedOncePerError",
                        "providerIsForwarded",
                        "requestOptionsReachTheDelegate",
                        "requestsOfASubclassAreNotRebuilt",
                        "supportedCapabilitiesAreForwarded");
    }

    @Test
    void a_naive_streaming_decorator_loses_callbacks_and_the_handle_as_well() {
        assertThat(KitRun.of(NaiveStreamingChat.class).broken())
                .containsOnlyKeys(union(
                        STREAM_RULES_THAT_A_PASS_THROUGH_BREAKS,
                        "allCallbacksAreForwardedInOrder",
                        "cancellingReachesTheDelegate",
                        "defaultRequestParametersAreForwarded",
                        "listenersOfTheDelegateAreNotifiedOncePerCall",
                        "listenersOfTheDelegateAreNotifiedOncePerError",
                        "providerIsForwarded",
                        "requestOptionsReachTheDelegate",
                        "requestsOfASubclassAreNotRebuilt",
                        "supportedCapabilitiesAreForwarded"));
    }

    @Test
    void a_pass_through_of_a_stream_breaks_only_the_rules_that_langchain4j_does_not_keep_itself() {
        assertThat(KitRun.of(PlainStreamingChat.class).broken())
                .containsOnlyKeys(union(STREAM_RULES_THAT_A_PASS_THROUGH_BREAKS));
    }

    @Test
    void a_naive_embedding_decorator_breaks_the_rules_of_listeners_and_description() {
        assertThat(KitRun.of(NaiveEmbedding.class).broken())
                .containsOnlyKeys(
                        "dimensionMakesNoCall",
                        "listenersOfTheDelegateAreNotifiedOnce",
                        "metadataOfSegmentsReachTheDelegate",
                        "parametersOfARequestReachTheDelegate",
                        "supportedContentTypesAreForwarded",
                        "theDescriptionIsForwarded");
    }

    @Test
    void a_failure_names_the_rule_what_was_seen_and_why_it_matters() {
        assertThat(KitRun.of(NaiveChat.class).broken().get("requestOptionsReachTheDelegate"))
                .isEqualTo("""
                    Broken rule: the attributes of ChatRequestOptions reach the listeners of the delegate.
                      Seen: expected value, saw null.
                      Why it matters: tracing passes its parent span this way; doChat does not get the options, so \
                    override chat(ChatRequest, ChatRequestOptions) and call the same method of the delegate.\
                    """);
    }

    @Test
    void every_rule_is_broken_by_one_of_the_samples() {
        assertThat(brokenByOneOf(NaiveChat.class, HopelessChat.class))
                .isEqualTo(KitRun.of(NaiveChat.class).tried().keySet());
        Set<String> streaming =
                new TreeSet<>(KitRun.of(NaiveStreamingChat.class).tried().keySet());
        if (!messagesAreAView()) {
            streaming.remove(COPIED_BY_NEWER_VERSIONS);
        }
        assertThat(brokenByOneOf(NaiveStreamingChat.class, HopelessStreamingChat.class))
                .isEqualTo(streaming);
        assertThat(brokenByOneOf(NaiveEmbedding.class, HopelessEmbedding.class))
                .isEqualTo(KitRun.of(NaiveEmbedding.class).tried().keySet());
    }

    private static Set<String> brokenByOneOf(Class<?>... samples) {
        Set<String> broken = new TreeSet<>();
        for (Class<?> sample : samples) {
            broken.addAll(KitRun.of(sample).broken().keySet());
        }
        return broken;
    }

    private static String[] union(String[] some, String... more) {
        Set<String> all = new TreeSet<>(Set.of(some));
        all.addAll(Set.of(more));
        if (messagesAreAView()) {
            all.add(COPIED_BY_NEWER_VERSIONS);
        }
        return all.toArray(String[]::new);
    }

    private static boolean messagesAreAView() {
        List<ChatMessage> messages = new ArrayList<>(List.of(UserMessage.from("one")));
        ChatRequest request = ChatRequest.builder().messages(messages).build();
        messages.set(0, UserMessage.from("two"));
        return request.messages().equals(messages);
    }

    static class NaiveChat extends ChatModelConformance {
        @Override
        protected ChatModel decorate(ChatModel delegate) {
            return new NaiveChatModel(delegate);
        }
    }

    static class HopelessChat extends ChatModelConformance {
        @Override
        protected ChatModel decorate(ChatModel delegate) {
            return new HopelessChatModel(delegate);
        }

        @Override
        protected long interceptions(ChatModel decorated) {
            return 0;
        }
    }

    static class NaiveStreamingChat extends StreamingChatModelConformance {
        @Override
        protected StreamingChatModel decorate(StreamingChatModel delegate) {
            return new NaiveStreamingChatModel(delegate);
        }
    }

    static class HopelessStreamingChat extends StreamingChatModelConformance {
        @Override
        protected StreamingChatModel decorate(StreamingChatModel delegate) {
            return new HopelessStreamingChatModel(delegate);
        }

        @Override
        protected long interceptions(StreamingChatModel decorated) {
            return 0;
        }

        @Override
        protected Duration patience() {
            return Duration.ofMillis(20);
        }
    }

    static class PlainStreamingChat extends StreamingChatModelConformance {
        @Override
        protected StreamingChatModel decorate(StreamingChatModel delegate) {
            return new ThinStreamingChatModel(delegate);
        }
    }

    static class NaiveEmbedding extends EmbeddingModelConformance {
        @Override
        protected EmbeddingModel decorate(EmbeddingModel delegate) {
            return new NaiveEmbeddingModel(delegate);
        }
    }

    static class HopelessEmbedding extends EmbeddingModelConformance {
        @Override
        protected EmbeddingModel decorate(EmbeddingModel delegate) {
            return new HopelessEmbeddingModel();
        }
    }
}
