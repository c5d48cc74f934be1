package io.fmware.observability.recorder;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.service.tool.ToolExecutionResult;
import java.util.List;

/** Results of tools, whose type is not there where langchain4j's core stands alone: then nobody asks for this. */
final class ToolResults {
    private static final String TEXT = "text";
    private static final String CONTENTS = "contents";
    private static final String ERROR = "error";
    private static final String ATTRIBUTES = "attributes";
    private static final String OBJECT = "object";
    private static final String OBJECT_IS_TEXT = "objectIsText";

    private ToolResults() {}

    static void write(Object value, ValueJson.Writing to) {
        ToolExecutionResult result = (ToolExecutionResult) value;
        List<Content> contents = result.resultContents();
        String text = contents.size() == 1 && contents.get(0) instanceof TextContent alone ? alone.text() : null;
        if (text != null) {
            to.json.name(TEXT);
            to.text("", text);
        } else if (!contents.isEmpty()) {
            to.json.name(CONTENTS);
            to.message(UserMessage.from(contents));
        }
        if (result.isError()) {
            to.json.name(ERROR).flag(true);
        }
        if (!result.attributes().isEmpty()) {
            to.json.name(ATTRIBUTES);
            to.map(result.attributes());
        }
        if (text != null && text.equals(result.result())) {
            to.json.name(OBJECT_IS_TEXT).flag(true);
        } else if (result.result() != null) {
            to.json.name(OBJECT);
            to.value("", result.result());
        }
    }

    static Object read(JsonNode json) {
        ToolExecutionResult.Builder result =
                ToolExecutionResult.builder().isError(json.path(ERROR).asBoolean());
        if (json.has(CONTENTS)) {
            result.resultContents(((UserMessage) RecordedValue.message(json.path(CONTENTS))).contents());
        } else if (json.has(TEXT)) {
            result.resultText(json.path(TEXT).asText());
        } else {
            result.resultTextSupplier(() -> null);
        }
        if (json.has(ATTRIBUTES)) {
            result.attributes(RecordedValue.map(json.path(ATTRIBUTES)));
        }
        if (json.path(OBJECT_IS_TEXT).asBoolean()) {
            result.result(json.path(TEXT).asText());
        } else if (json.has(OBJECT)) {
            result.result(RecordedValue.restored(json.path(OBJECT)));
        }
        return result.build();
    }
}
