package io.fmware.benchmarks;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A model that streams one answer, made by chance from a seed: thinking, text and tool calls in pieces that are cut anywhere. */
final class PlannedStream implements StreamingChatModel {
    static final int LONGEST = 60;
    private static final String[] WORDS = {
        "the ",
        "damage ",
        "is ",
        "covered. ",
        "\u00fcber ",
        "na\u00efve ",
        "\n",
        "\n\n",
        "\ud83d\ude00",
        "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67 ",
        "\u4fdd\u9669 ",
        "e\u0301t\u00e9 ",
        "\ud835\udd4f",
        "{\"a\": 1} ",
        "\t",
        "\"so\" ",
        "\\ ",
        "\u0000",
        "\u2028",
        "1,200 ",
        "<b>",
        "\ud83c\uddeb\ud83c\uddf7 "
    };

    private final List<Consumer<StreamingChatResponseHandler>> callbacks;

    private PlannedStream(List<Consumer<StreamingChatResponseHandler>> callbacks) {
        this.callbacks = callbacks;
    }

    static PlannedStream of(long seed) {
        Dice dice = new Dice(seed);
        return of(dice, dice.oneOf(8) ? null : text(dice, 60));
    }

    static PlannedStream of(long seed, String text) {
        return of(new Dice(seed), text);
    }

    private static PlannedStream of(Dice dice, String text) {
        List<Consumer<StreamingChatResponseHandler>> all = new ArrayList<>();
        String thinking = dice.oneOf(3) ? text(dice, 30) : null;
        List<Consumer<StreamingChatResponseHandler>> thoughts = new ArrayList<>();
        if (thinking != null) {
            cut(thinking, dice).forEach(each -> thoughts.add(to -> to.onPartialThinking(new PartialThinking(each))));
        }
        List<Consumer<StreamingChatResponseHandler>> texts = new ArrayList<>();
        if (text != null) {
            cut(text, dice).forEach(each -> texts.add(to -> to.onPartialResponse(each)));
        }
        merge(all, thoughts, texts, dice);
        List<ToolExecutionRequest> calls = new ArrayList<>();
        int tools = text == null ? dice.between(1, 3) : dice.oneOf(3) ? dice.between(1, 3) : 0;
        for (int i = 0; i < tools; i++) {
            calls.add(ToolExecutionRequest.builder()
                    .id("call_" + dice.text(Dice.HEX, 6))
                    .name(dice.pick("lookUp", "history"))
                    .arguments(dice.oneOf(5) ? "{}" : "{\"of\": \"" + arguments(dice) + "\"}")
                    .build());
        }
        calls(all, calls, dice);
        all.add(end(dice, text, thinking, calls));
        return new PlannedStream(all);
    }

    /** Tool calls in pieces, one after the other or mixed. */
    private static void calls(
            List<Consumer<StreamingChatResponseHandler>> all, List<ToolExecutionRequest> calls, Dice dice) {
        boolean parts = !dice.oneOf(4);
        List<Consumer<StreamingChatResponseHandler>> mixed = new ArrayList<>();
        boolean isMixed = dice.oneOf(3);
        for (int i = 0; i < calls.size(); i++) {
            int index = i;
            ToolExecutionRequest call = calls.get(i);
            List<Consumer<StreamingChatResponseHandler>> one = new ArrayList<>();
            if (parts) {
                cut(call.arguments(), dice)
                        .forEach(each -> one.add(to -> to.onPartialToolCall(PartialToolCall.builder()
                                .index(index)
                                .id(call.id())
                                .name(call.name())
                                .partialArguments(each)
                                .build())));
            }
            one.add(to -> to.onCompleteToolCall(new CompleteToolCall(index, call)));
            if (isMixed) {
                List<Consumer<StreamingChatResponseHandler>> before = List.copyOf(mixed);
                mixed.clear();
                merge(mixed, before, one, dice);
            } else {
                mixed.addAll(one);
            }
        }
        all.addAll(mixed);
    }

    private static Consumer<StreamingChatResponseHandler> end(
            Dice dice, String text, String thinking, List<ToolExecutionRequest> calls) {
        ChatResponse.Builder response = ChatResponse.builder()
                .aiMessage(AiMessage.builder()
                        .text(text)
                        .thinking(thinking)
                        .toolExecutionRequests(calls)
                        .build())
                .finishReason(calls.isEmpty() ? FinishReason.values()[dice.below(5)] : FinishReason.TOOL_EXECUTION);
        if (!dice.oneOf(4)) {
            response.tokenUsage(
                    dice.oneOf(5)
                            ? new TokenUsage(dice.below(900), dice.below(900), dice.below(3000))
                            : new TokenUsage(dice.below(900), dice.below(900)));
        }
        if (dice.oneOf(2)) {
            response.id("answer-" + dice.below(100)).modelName("streamer-2");
        }
        ChatResponse whole = response.build();
        return to -> to.onCompleteResponse(whole);
    }

    private static void merge(
            List<Consumer<StreamingChatResponseHandler>> into,
            List<Consumer<StreamingChatResponseHandler>> one,
            List<Consumer<StreamingChatResponseHandler>> other,
            Dice dice) {
        boolean mixed = dice.oneOf(4);
        int i = 0;
        int j = 0;
        while (i < one.size() || j < other.size()) {
            boolean first = j == other.size() || (i < one.size() && (!mixed || dice.oneOf(2)));
            into.add(first ? one.get(i++) : other.get(j++));
        }
    }

    private static String text(Dice dice, int words) {
        StringBuilder text = new StringBuilder();
        for (int i = dice.between(1, words); i > 0; i--) {
            text.append(dice.pick(WORDS));
        }
        return text.toString();
    }

    private static String arguments(Dice dice) {
        return dice.text(Dice.LOWER + "  ", 1, 50) + dice.pick("", "\u00fc", "\ud83d\ude00", "\u4fdd");
    }

    private static List<String> cut(String text, Dice dice) {
        int longest = new int[] {1, 2, 5, 15, LONGEST}[dice.below(5)];
        List<String> pieces = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int to = Math.min(text.length(), from + dice.between(1, longest));
            pieces.add(text.substring(from, to));
            from = to;
        }
        return pieces;
    }

    /** The same, but with an error somewhere before its end. */
    PlannedStream failing(Dice dice) {
        List<Consumer<StreamingChatResponseHandler>> some =
                new ArrayList<>(callbacks.subList(0, dice.below(callbacks.size())));
        some.add(to -> to.onError(new IllegalStateException("the connection was reset")));
        return new PlannedStream(some);
    }

    /** One that must not be asked. */
    static StreamingChatModel dead() {
        return new PlannedStream(List.of(to -> to.onError(new IllegalStateException("asked in a replay"))));
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        callbacks.forEach(each -> each.accept(handler));
    }
}
