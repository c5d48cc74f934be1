package io.fmware.benchmarks;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import io.fmware.Sources;
import java.time.Clock;
import java.util.List;
import java.util.Random;

/** Workflows made by chance from a seed, each time the same: of four to ten agents, in sequences, at once, and in each other. */
final class PlantedWorkflow {
    private static final List<String> NAMES =
            List.of("intake", "policy", "fraud", "damage", "settle", "letter", "review", "archive");
    private static final List<PlantedNode.Kind> LEAVES = List.of(
            PlantedNode.Kind.CHAT,
            PlantedNode.Kind.CHAT,
            PlantedNode.Kind.TOOLS,
            PlantedNode.Kind.CONCURRENT_TOOLS,
            PlantedNode.Kind.STREAM,
            PlantedNode.Kind.STREAM_TOOLS,
            PlantedNode.Kind.CLERK);

    private final Random random;
    private int count;

    private PlantedWorkflow(long seed) {
        this.random = new Random(seed);
    }

    /** The workflow of a seed: a sequence in every third, parallel agents in the next, and both in each other in the last. */
    static PlantedNode of(long seed) {
        PlantedWorkflow workflow = new PlantedWorkflow(seed);
        PlantedNode all = workflow.node(PlantedNode.Kind.SEQUENCE);
        all.children.add(workflow.asking(PlantedNode.Kind.CHAT));
        all.children.add(workflow.leaf(PlantedNode.Kind.CLERK));
        switch ((int) Math.floorMod(seed, 3)) {
            case 0 -> workflow.leaves(all, 2 + workflow.random.nextInt(5));
            case 1 -> all.children.add(workflow.parallel());
            default -> {
                PlantedNode both = workflow.parallel();
                PlantedNode inner = workflow.node(PlantedNode.Kind.SEQUENCE);
                workflow.leaves(inner, 2);
                both.children.add(workflow.random.nextInt(both.children.size() + 1), inner);
                all.children.add(both);
            }
        }
        all.children.add(workflow.asking(PlantedNode.Kind.TOOLS));
        all.children.add(workflow.asking(PlantedNode.Kind.STREAM));
        return all;
    }

    private PlantedNode parallel() {
        PlantedNode parallel = node(PlantedNode.Kind.PARALLEL);
        leaves(parallel, 2 + random.nextInt(2));
        return parallel;
    }

    private void leaves(PlantedNode into, int number) {
        for (int i = 0; i < number; i++) {
            into.children.add(leaf(LEAVES.get(random.nextInt(LEAVES.size()))));
        }
    }

    private PlantedNode leaf(PlantedNode.Kind kind) {
        if (kind.asks()) {
            return asking(kind);
        }
        PlantedNode clerk = node(kind);
        Clock clock = Sources.clock(Clock.systemUTC());
        clerk.stamp = () -> clock.instant().toString();
        return clerk;
    }

    private PlantedNode asking(PlantedNode.Kind kind) {
        PlantedNode leaf = node(kind);
        leaf.system = "You are the " + leaf.name + " desk of an insurance company. Answer in at most two sentences.\n"
                + "Never promise a payment, and name the paragraph that you go by.";
        leaf.user = "Claim: {{letter}}\nWhat the others found: {{notes}}\nReceived: {{stamp}}\nGive your finding.";
        leaf.parameters = random.nextBoolean() ? parameters() : openAi();
        if (kind.hasTools()) {
            leaf.tools = List.of(lookUp(), history());
        }
        return leaf;
    }

    private ChatRequestParameters parameters() {
        return ChatRequestParameters.builder()
                .modelName("desk-1")
                .temperature(0.2)
                .maxOutputTokens(300)
                .stopSequences(List.of("END", "STOP"))
                .responseFormat(format("finding", "reason"))
                .build();
    }

    private ChatRequestParameters openAi() {
        return OpenAiChatRequestParameters.builder()
                .modelName("desk-2")
                .temperature(0.4)
                .topP(0.9)
                .maxOutputTokens(500)
                .seed(17)
                .user("desk")
                .build();
    }

    /** A response format of JSON whose properties are texts. */
    static ResponseFormat format(String... properties) {
        JsonObjectSchema.Builder schema = JsonObjectSchema.builder();
        for (String each : properties) {
            schema.addStringProperty(each, "the " + each);
        }
        return ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(JsonSchema.builder()
                        .name("Finding")
                        .rootElement(schema.required(properties[0]).build())
                        .build())
                .build();
    }

    private static ToolSpecification lookUp() {
        return ToolSpecification.builder()
                .name("lookUp")
                .description("Looks a policy up by its number.")
                .parameters(JsonObjectSchema.builder()
                        .addStringProperty("number", "the number of the policy")
                        .addEnumProperty("branch", List.of("car", "house"), "the branch")
                        .required("number")
                        .build())
                .build();
    }

    private static ToolSpecification history() {
        return ToolSpecification.builder()
                .name("history")
                .description("All claims of a customer in the last years.")
                .parameters(JsonObjectSchema.builder()
                        .addStringProperty("customer", "who")
                        .addIntegerProperty("years", "how many")
                        .required("customer", "years")
                        .build())
                .build();
    }

    private PlantedNode node(PlantedNode.Kind kind) {
        count++;
        return new PlantedNode(NAMES.get(random.nextInt(NAMES.size())) + count, kind);
    }
}
