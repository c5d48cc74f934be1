package io.fmware.observability.recorder;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import io.fmware.event.Redactor;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes of the tools that a model may ask for the content that is stored of them: an array of the JSON of langchain4j's
 * {@link ToolSpecification#toJson()}, redacted; of the schema of an answer too. The last ones are remembered, since the same ones
 * come with each call. Thread-safe.
 *
 * @param <C> a content as it is kept
 */
final class SpecJson<C> {
    private static final int REMEMBERED = 64;
    private static final int LONGEST = 64 << 10;

    private final Redactor redactor;
    private final Contents<C> contents;
    private final AtomicReferenceArray<@Nullable Known<C>> known = new AtomicReferenceArray<>(REMEMBERED);

    private record Known<C>(List<WeakReference<Object>> made, C content) {
        boolean isOf(List<?> wanted) {
            if (wanted.size() != made.size()) {
                return false;
            }
            for (int i = 0; i < wanted.size(); i++) {
                if (!made.get(i).refersTo(wanted.get(i))) {
                    return false;
                }
            }
            return true;
        }
    }

    SpecJson(Redactor redactor, Contents<C> contents) {
        this.redactor = redactor;
        this.contents = contents;
    }

    /** The content of tools in the order in which they are given. */
    C of(List<ToolSpecification> tools) {
        return remembered(tools, () -> json(tools));
    }

    /** The content of a schema, as the only parameter of a tool: langchain4j writes none that stands by itself. */
    C of(JsonSchema schema) {
        return remembered(List.of(schema), () -> {
            JsonObjectSchema root = JsonObjectSchema.builder()
                    .addProperty("root", schema.rootElement())
                    .build();
            return json(List.of(ToolSpecification.builder()
                    .name(schema.name())
                    .parameters(root)
                    .build()));
        });
    }

    private C remembered(List<?> of, Supplier<byte[]> json) {
        int hash = 0;
        for (Object each : of) {
            hash = 31 * hash + System.identityHashCode(each);
        }
        int place = (hash ^ (hash >>> 16)) & (REMEMBERED - 1);
        Known<C> before = known.get(place);
        if (before != null && before.isOf(of)) {
            return before.content();
        }
        C content = contents.of(json.get());
        if (contents.length(content) <= LONGEST) {
            known.set(
                    place,
                    new Known<>(
                            of.stream()
                                    .<WeakReference<Object>>map(WeakReference::new)
                                    .toList(),
                            content));
        }
        return content;
    }

    private byte[] json(List<ToolSpecification> tools) {
        JsonWriter json = new JsonWriter(1024).beginArray();
        for (ToolSpecification each : tools) {
            json.json(Skeleton.utf8(redactor.redactJson(json(each))));
        }
        return json.endArray().bytes();
    }

    private static String json(ToolSpecification tool) {
        try {
            return tool.toJson();
        } catch (RuntimeException e) { // a schema of a type that langchain4j cannot write
            return "{\"name\":" + Json.quoted(String.valueOf(tool.name())) + ",\"text\":"
                    + Json.quoted(ValueJson.shown(tool)) + "}";
        }
    }
}
