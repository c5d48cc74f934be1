package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.audio.Audio;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.CustomMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.message.VideoContent;
import dev.langchain4j.data.pdf.PdfFile;
import dev.langchain4j.data.video.Video;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class RequestDigestPropertyTest {
    private static final List<String> TEXTS = List.of("a", "b", "a ", "1", "");

    private static final List<Content> CONTENTS = List.of(
            TextContent.from("a"),
            TextContent.from("b"),
            ImageContent.from("aGk=", "image/png"),
            ImageContent.from("aGk=", "image/gif"),
            ImageContent.from("aGo=", "image/png"),
            ImageContent.from("aGk=", "image/png", ImageContent.DetailLevel.HIGH),
            ImageContent.from(Image.builder()
                    .base64Data("aGk=")
                    .mimeType("image/png")
                    .revisedPrompt("a")
                    .build()),
            ImageContent.from("https://x.test/a"),
            ImageContent.from("https://x.test/b"),
            AudioContent.from("aGk=", "audio/wav"),
            AudioContent.from("aGo=", "audio/wav"),
            AudioContent.from(Audio.builder()
                    .binaryData(new byte[] {1, 2})
                    .mimeType("audio/wav")
                    .build()),
            AudioContent.from(Audio.builder()
                    .binaryData(new byte[] {12})
                    .mimeType("audio/wav")
                    .build()),
            AudioContent.from("https://x.test/a"),
            PdfFileContent.from("aGk=", "application/pdf"),
            PdfFileContent.from(PdfFile.builder()
                    .base64Data("aGo=")
                    .mimeType("application/pdf")
                    .build()),
            PdfFileContent.from("https://x.test/a"),
            VideoContent.from("aGk=", "video/mp4"),
            VideoContent.from(
                    Video.builder().base64Data("aGk=").mimeType("video/ogg").build()),
            VideoContent.from("https://x.test/a"));

    private static final List<Object> VALUES =
            List.of("1", 1, 1.5, "1.5", true, "true", List.of(1), List.of("1"), Map.of("a", 1), Map.of("a", "1"), "");

    /** The places in a request that are changed, each for one of a few values. */
    private static final int PLACES = 14;

    private static final int MOST = 40;

    @Provide
    static Arbitrary<int[]> choices() {
        return Arbitraries.integers().between(0, MOST).array(int[].class).ofSize(PLACES);
    }

    @Property
    void requests_have_one_digest_if_and_only_if_they_are_equal(
            @ForAll("choices") int[] one,
            @ForAll @IntRange(max = PLACES - 1) int place,
            @ForAll @IntRange(max = MOST) int to) {
        int[] other = one.clone();
        other[place] = to;

        assertThat(RequestDigest.of(request(one)).equals(RequestDigest.of(request(other))))
                .isEqualTo(Arrays.equals(reduced(one), reduced(other)));
        assertThat(RequestDigest.of(request(one))).isEqualTo(RequestDigest.of(request(one)));
    }

    /** How many values there are for each place. */
    private static int[] sizes() {
        int texts = TEXTS.size();
        int contents = CONTENTS.size();
        int values = VALUES.size();
        return new int[] {3, contents, contents, values, 3, 3, values, texts, 2, contents, values, values, 2, 3};
    }

    private static int[] reduced(int[] choices) {
        int[] reduced = choices.clone();
        int[] sizes = sizes();
        for (int i = 0; i < reduced.length; i++) {
            reduced[i] %= sizes[i];
        }
        return reduced;
    }

    private static ChatRequest request(int[] choices) {
        int[] at = reduced(choices);
        ToolExecutionRequest call = ToolExecutionRequest.builder()
                .id("i" + at[0])
                .name("tool")
                .arguments("{}")
                .build();
        List<ChatMessage> messages = new ArrayList<>();
        messages.add(UserMessage.builder()
                .name("n" + at[0])
                .contents(List.of(CONTENTS.get(at[1]), CONTENTS.get(at[2])))
                .attributes(Map.of("user", VALUES.get(at[3])))
                .build());
        messages.add(AiMessage.builder()
                .text("t" + at[4])
                .thinking("t" + at[5])
                .toolExecutionRequests(List.of(call))
                .attributes(Map.of("signature", VALUES.get(at[6])))
                .build());
        messages.add(ToolExecutionResultMessage.builder()
                .id("1")
                .toolName(TEXTS.get(at[7]) + "!")
                .isError(at[8] == 0)
                .contents(List.of(CONTENTS.get(at[9])))
                .attributes(Map.of("took", VALUES.get(at[10])))
                .build());
        messages.add(CustomMessage.from(ordered(at[12], "k", VALUES.get(at[11]))));
        return ChatRequest.builder()
                .messages(messages)
                .toolSpecifications(
                        ToolSpecification.builder()
                                .name("first")
                                .metadata(Map.of("take", at[12]))
                                .parameters(fields(at[13]))
                                .build(),
                        ToolSpecification.builder().name("second").build())
                .build();
    }

    /** The same whichever comes first. */
    private static Map<String, Object> ordered(int which, String key, Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (which == 0) {
            map.put("other", 0);
        }
        map.put(key, value);
        map.put("other", 0);
        return map;
    }

    private static JsonObjectSchema fields(int which) {
        return switch (which) {
            case 0 ->
                JsonObjectSchema.builder()
                        .addStringProperty("a")
                        .addStringProperty("b")
                        .build();
            case 1 ->
                JsonObjectSchema.builder()
                        .addStringProperty("b")
                        .addStringProperty("a")
                        .build();
            default -> JsonObjectSchema.builder().addStringProperty("a").build();
        };
    }
}
