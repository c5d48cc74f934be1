package io.fmware.examples.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fmware.observability.recorder.Recording;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupportAssistantTest {
    private static final String DELIVERY = "My card has not arrived yet, what should I do?";
    private static final String FROM_DELIVERY = """
            A missing card is reported in the app under Cards > Track delivery > Not arrived, and Harbour Bank then cancels\
             the card and sends a free replacement.
            (source: card-delivery; confidence 0.62)
            """;

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void answers_a_question() {
        assertThat(run(Map.of(), "", DELIVERY)).isZero();
        assertThat(out).hasToString(FROM_DELIVERY);
        assertThat(err).hasToString("");
    }

    @Test
    void a_question_is_recorded_with_what_was_looked_up_and_asked() throws IOException {
        assertThat(run(Map.of(), "", DELIVERY)).isZero();

        List<String> types = new ArrayList<>();
        Recording.in(folder.resolve("flights")).events(event -> types.add(event.type()), fault -> types.add("fault"));

        assertThat(types)
                .startsWith("run.started")
                .contains("question", "retrieval.ended", "cache", "call.ended", "verdict")
                .endsWith("run.ended")
                .doesNotContain("fault");
    }

    @Test
    void joins_the_words_of_a_question() {
        assertThat(run(Map.of(), "", DELIVERY.split(" ", -1))).isZero();
        assertThat(out).hasToString(FROM_DELIVERY);
    }

    @Test
    void says_that_it_does_not_know() {
        assertThat(run(Map.of(), "", "How tall is Mount Everest?")).isZero();
        assertThat(out).hasToString("I do not know.\n");
    }

    @Test
    void holds_a_conversation_until_exit() {
        assertThat(run(Map.of(), DELIVERY + "\n\nWhat is the status of account HB-1002?\nexit\nnever asked\n"))
                .isZero();
        assertThat(out)
                .hasToString("Ask Harbour Bank. Type exit to leave.\n> " + FROM_DELIVERY
                        + "> > The status of account HB-1002 is"
                        + " overdrawn.\n(source: account_lookup; confidence 1.00)\n> ");
    }

    @Test
    void ends_a_conversation_with_its_input() {
        assertThat(run(Map.of(), "")).isZero();
        assertThat(out).hasToString("Ask Harbour Bank. Type exit to leave.\n> ");
    }

    @Test
    void works_through_a_file_and_writes_json() throws IOException {
        Path questions = Files.writeString(
                folder.resolve("q.csv"),
                "text,category\n\"" + DELIVERY
                        + "\",card_arrival\nHow tall is Mount Everest?,none\nNever asked?,none\n");
        Path json = folder.resolve("out.jsonl");
        assertThat(run(
                        Map.of(),
                        "",
                        "--questions",
                        questions.toString(),
                        "--json",
                        json.toString(),
                        "--limit",
                        "2",
                        "--parallel",
                        "2"))
                .isZero();
        assertThat(err).hasToString("1/2 questions (50 %)\n2/2 questions (100 %)\n");
        assertThat(out.toString(StandardCharsets.UTF_8).lines().toList())
                .startsWith(
                        "questions             2",
                        "answered              1   50.0 %",
                        "refused               1   50.0 %",
                        "failed                0    0.0 %",
                        "from cache            0    0.0 %",
                        "retried               0    0.0 %",
                        "re-prompted           0    0.0 %",
                        "fallen back           0    0.0 %")
                .contains("saved        $0.00 by 0 answers of the cache")
                .anyMatch(line -> line.matches("cost         \\$0\\.0001\\d*"))
                .anyMatch(line -> line.matches("budget       \\$0\\.0001\\d* of \\$1\\.00"))
                .hasSize(17);
        List<String> lines = Files.readAllLines(json);
        assertThat(lines).hasSize(2);
        JsonNode first = JsonMapper.builder().build().readTree(lines.get(0));
        assertThat(first.get("question").asText()).isEqualTo(DELIVERY);
        assertThat(first.get("category").asText()).isEqualTo("card_arrival");
        assertThat(first.get("outcome").asText()).isEqualTo("answered");
        assertThat(first.get("sources").toString()).isEqualTo("[\"card-delivery\"]");
        assertThat(first.get("confidence").asDouble()).isEqualTo(0.62);
        assertThat(first.get("attempts").asInt()).isEqualTo(1);
        assertThat(first.get("millis").isInt()).isTrue();
        assertThat(lines.get(1)).contains("\"outcome\":\"refused\"").contains("\"sources\":[]");
    }

    @Test
    void rewrites_one_line_of_progress_on_a_terminal() {
        Progress progress = new Progress(new PrintStream(err, true, StandardCharsets.UTF_8), true, 2);
        progress.step();
        progress.step();
        assertThat(err)
                .hasToString("\r[####################....................] 1/2"
                        + "\r[########################################] 2/2\n");
    }

    @Test
    void states_an_outcome_for_every_question_in_the_midst_of_faults() throws IOException {
        Path questions = Files.writeString(folder.resolve("q"), (DELIVERY + "\n").repeat(60));
        Path json = folder.resolve("out.jsonl");
        assertThat(run(
                        Map.of(),
                        "",
                        "--faults",
                        "--seed",
                        "7",
                        "--questions",
                        questions.toString(),
                        "--json",
                        json.toString()))
                .isZero();
        assertThat(Files.readAllLines(json)).hasSize(60).allMatch(line -> line.contains("\"outcome\":\"answered\""));
        assertThat(Files.readString(json)).contains("\"retries\":1").contains("\"reprompts\":1");
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("answered             60  100.0 %")
                .containsPattern("retrying: retried +\\d+");
    }

    @Test
    void shows_its_options() {
        assertThat(run(Map.of(), "", "--help")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains(
                        "Usage: support-assistant",
                        "--questions",
                        "--faults",
                        "--seed",
                        "FMWARE_FM",
                        "OPENAI_BASE_URL");
    }

    @Test
    void names_an_unknown_option() {
        complains(Map.of(), "Unknown option: '--nope'; see --help", "--nope");
    }

    @Test
    void names_a_value_that_is_no_number() {
        complains(Map.of(), "Invalid value for option '--parallel': 'x' is not an int; see --help", "--parallel", "x");
        complains(Map.of(), "--parallel must be at least 1", "--parallel", "0");
        complains(Map.of(), "--limit must be at least 1", "--limit", "0");
    }

    @Test
    void names_two_things_that_exclude_each_other() {
        complains(Map.of(), "give either a question or --questions, not both", "--questions", "file", "why?");
    }

    @Test
    void names_an_option_that_would_do_nothing() {
        complains(Map.of(), "--json is for the questions of a file; add --questions FILE", "--json", "x", DELIVERY);
        complains(Map.of(), "--limit is for the questions of a file; add --questions FILE", "--limit", "3");
    }

    @Test
    void names_an_empty_question() {
        complains(Map.of(), "the question is empty; give one, or nothing for a conversation", " ");
    }

    @Test
    void names_a_csv_file_without_the_column_of_questions() throws IOException {
        Path file = Files.writeString(folder.resolve("q.csv"), "question,label\nWhy?,x\n");
        complains(
                Map.of(),
                "the questions file " + file + " has no column text; its header must be text,category",
                "--questions",
                file.toString());
    }

    @Test
    void names_an_unknown_model() {
        complains(Map.of("FMWARE_FM", "gpt"), "FMWARE_FM is 'gpt'; set it to local, openai or ollama", DELIVERY);
    }

    @Test
    void names_a_missing_key() {
        complains(
                Map.of("FMWARE_FM", "openai", "OPENAI_API_KEY", " "),
                "OPENAI_API_KEY is not set; set it to the key of the server, or unset FMWARE_FM to answer without a server",
                DELIVERY);
    }

    @Test
    void names_a_url_that_is_none() {
        complains(
                Map.of("FMWARE_FM", "ollama", "OLLAMA_BASE_URL", "localhost:11434"),
                "OLLAMA_BASE_URL is 'localhost:11434'; set it to a URL such as http://localhost:11434",
                DELIVERY);
        complains(
                Map.of("FMWARE_FM", "openai", "OPENAI_API_KEY", "k", "OPENAI_BASE_URL", "not a url"),
                "OPENAI_BASE_URL is 'not a url'; set it to a URL such as https://api.openai.com/v1",
                DELIVERY);
    }

    @Test
    void names_a_url_that_holds_a_password_without_showing_it() {
        complains(
                Map.of("FMWARE_FM", "ollama", "OLLAMA_BASE_URL", "http://me:very-secret@localhost:11434"),
                "OLLAMA_BASE_URL holds a user name or password; leave it out",
                DELIVERY);
    }

    @Test
    void names_a_server_that_does_not_answer() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        String url = "http://localhost:" + port + "/v1";
        complains(
                Map.of("FMWARE_FM", "openai", "OPENAI_API_KEY", "sk-very-secret", "OPENAI_BASE_URL", url),
                "nothing answers at " + url + "; start the server, or correct OPENAI_BASE_URL",
                DELIVERY);
    }

    @Test
    void names_a_refused_key_without_showing_it() throws IOException {
        Path questions = Files.writeString(folder.resolve("q"), DELIVERY + "\n" + DELIVERY);
        try (FakeServer server = FakeServer.replying(401, "{\"error\": {\"message\": \"bad key sk-very-secret\"}}")) {
            Map<String, String> environment = Map.of(
                    "FMWARE_FM", "openai", "OPENAI_API_KEY", "sk-very-secret", "OPENAI_BASE_URL", server.url() + "/v1");
            String message = "the server at " + server.url() + "/v1 refuses the key; correct OPENAI_API_KEY";
            complains(environment, message, DELIVERY);
            complains(environment, message, "--questions", questions.toString());
        }
    }

    @Test
    void names_a_questions_file_that_cannot_be_read() throws IOException {
        Path missing = folder.resolve("missing");
        complains(
                Map.of(),
                "there is no questions file " + missing + "; correct --questions",
                "--questions",
                missing.toString());
        Path empty = Files.createFile(folder.resolve("empty"));
        complains(
                Map.of(),
                "the questions file " + empty + " is empty; put one question on each line, or CSV with the header"
                        + " text,category",
                "--questions",
                empty.toString());
    }

    @Test
    void names_a_json_file_that_cannot_be_written() throws IOException {
        Path questions = Files.writeString(folder.resolve("q"), DELIVERY);
        complains(
                Map.of(),
                "the file " + folder + " cannot be written; correct --json",
                "--questions",
                questions.toString(),
                "--json",
                folder.toString());
    }

    @Test
    void exits_with_one_where_a_question_finds_no_answer() {
        try (FakeServer server = FakeServer.replying(400, "{\"error\": {\"message\": \"bad request\"}}")) {
            Map<String, String> environment = Map.of("FMWARE_FM", "ollama", "OLLAMA_BASE_URL", server.url());
            assertThat(run(environment, "", DELIVERY)).isEqualTo(1);
            assertThat(out).hasToString("");
            assertThat(err).hasToString("No answer: the model does not accept the request (HTTP 400)\n");
        }
    }

    private void complains(Map<String, String> environment, String message, String... args) {
        err.reset();
        assertThat(run(environment, "", args)).isEqualTo(2);
        assertThat(err).hasToString("support-assistant: " + message + "\n");
        assertThat(out).hasToString("");
    }

    private int run(Map<String, String> environment, String input, String... args) {
        Terminal terminal = new Terminal(
                new BufferedReader(new StringReader(input)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        Map<String, String> all = new HashMap<>(environment);
        all.putIfAbsent(BlackBox.VARIABLE, folder.resolve("flights").toString());
        return new SupportAssistant(terminal, all, SharedKnowledge::get).run(args);
    }
}
