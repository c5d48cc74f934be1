package io.fmware.benchmarks;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Changes of the tools that a model is offered. */
final class PlantedTools {
    private static final List<String> CHANGES = List.of(
            "description",
            "description of a parameter",
            "parameter added",
            "parameter removed",
            "type changed",
            "required changed",
            "enum value added",
            "object within",
            "tool removed",
            "tool added",
            "tool renamed");

    private PlantedTools() {}

    static PlantedChange of(long seed) {
        PlantedPair pair = new PlantedPair(seed);
        PlantedNode node = pair.any(each -> each.kind.hasTools());
        String change = CHANGES.get((int) Math.floorMod(seed / 3, CHANGES.size()));
        int which = pair.random.nextInt(node.tools.size());
        List<ToolSpecification> tools = new ArrayList<>(node.tools);
        ToolSpecification tool = tools.get(which);
        switch (change) {
            case "tool removed" -> tools.remove(which);
            case "tool added" ->
                tools.add(ToolSpecification.builder()
                        .name("weather")
                        .description("The weather of a day.")
                        .build());
            default -> tools.set(which, changed(tool, change));
        }
        node.tools = tools;
        return pair.asked(change + " of " + tool.name(), node);
    }

    private static ToolSpecification changed(ToolSpecification tool, String change) {
        Map<String, JsonSchemaElement> properties =
                new LinkedHashMap<>(tool.parameters().properties());
        List<String> required = new ArrayList<>(tool.parameters().required());
        String first = required.get(0);
        ToolSpecification.Builder changed = tool.toBuilder();
        switch (change) {
            case "description" -> changed.description(tool.description() + " Slow.");
            case "tool renamed" -> changed.name(tool.name() + "2");
            case "description of a parameter" -> properties.put(first, text("which one"));
            case "parameter added" -> properties.put("language", text("of the answer"));
            case "parameter removed" -> properties.keySet().removeIf(each -> !each.equals(first));
            case "type changed" ->
                properties.put(
                        first,
                        tool.name().equals("lookUp")
                                ? JsonIntegerSchema.builder()
                                        .description("the number of the policy")
                                        .build()
                                : JsonNumberSchema.builder().description("who").build());
            case "required changed" -> required.add("language");
            case "enum value added" ->
                properties.put(
                        "branch",
                        JsonEnumSchema.builder()
                                .enumValues("car", "house", "boat")
                                .description("the branch")
                                .build());
            case "object within" ->
                properties.put(
                        first,
                        JsonObjectSchema.builder().addStringProperty("value").build());
            default -> throw new IllegalArgumentException(change);
        }
        return changed.parameters(JsonObjectSchema.builder()
                        .addProperties(properties)
                        .required(required)
                        .build())
                .build();
    }

    private static JsonSchemaElement text(String description) {
        return JsonStringSchema.builder().description(description).build();
    }
}
