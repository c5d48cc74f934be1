package io.fmware.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** The results of tools as passages; the name of the tool is the source. JSON is read as lines {@code name: value}. */
final class ToolResults {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ToolResults() {}

    static List<Passage> passages(List<ToolExecutionResultMessage> results) {
        List<Passage> passages = new ArrayList<>();
        for (ToolExecutionResultMessage result : results) {
            String text = text(result);
            List<String> sentences = new ArrayList<>();
            if (Spoiled.isJson(text)) {
                readJson(text, sentences);
            }
            if (sentences.isEmpty()) {
                sentences.addAll(Passage.sentences(text));
            }
            passages.add(new Passage(List.copyOf(sentences), result.toolName()));
        }
        return passages;
    }

    static List<String> sources(List<Passage> passages) {
        return passages.stream()
                .map(Passage::source)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    static String text(ToolExecutionResultMessage result) {
        return result.contents().stream()
                .filter(TextContent.class::isInstance)
                .map(content -> ((TextContent) content).text())
                .collect(Collectors.joining("\n"));
    }

    private static void readJson(String text, List<String> sentences) {
        try {
            flatten("", JSON.readTree(text), sentences);
        } catch (JsonProcessingException e) {
            sentences.clear(); // looked like JSON and is text
        }
    }

    private static void flatten(String name, JsonNode node, List<String> sentences) {
        if (node.isObject()) {
            node.properties().forEach(property -> {
                String prefix = name.isEmpty() ? "" : name + " ";
                flatten(prefix + property.getKey(), property.getValue(), sentences);
            });
        } else if (node.isArray()) {
            node.forEach(element -> flatten(name, element, sentences));
        } else {
            sentences.add(name.isEmpty() ? node.asText() : ToolChooser.spaced(name) + ": " + node.asText());
        }
    }
}
