package io.fmware.cost;

/** Counts as OpenAI's cookbook does. Written by one thread. */
final class OpenAiCount implements Asked.Parts {
    private static final long PER_MESSAGE = 3;
    private static final long ROLE = 1; // system, user, assistant, tool: a token each
    private static final long PER_NAME = 1;
    private static final long ANSWER = 3;
    private static final long PER_TOOL = 8;
    private static final long TOOL_AT_MOST = 32;
    private static final long IMAGE = 1_000;
    private static final long IMAGE_AT_MOST = 1_600;
    private static final double SHARE_OF_SCHEMA = .6; // OpenAI writes tools as TypeScript, which is shorter than JSON

    private final TextTokens text;
    private final boolean chat;
    private long tokens;
    private long atMost;

    private OpenAiCount(TextTokens text, boolean chat) {
        this.text = text;
        this.chat = chat;
    }

    static ExactCount of(Asked asked, TextTokens text) {
        OpenAiCount count = new OpenAiCount(text, asked.isChat());
        asked.tell(count);
        if (asked.isChat()) {
            count.add(ANSWER);
        }
        return new ExactCount(count.tokens, count.atMost);
    }

    private void add(long exact) {
        add(exact, exact);
    }

    private void add(long estimate, long most) {
        tokens = Saturating.plus(tokens, estimate);
        atMost = Saturating.plus(atMost, most);
    }

    @Override
    public void message() {
        if (chat) {
            add(PER_MESSAGE + ROLE);
        }
    }

    @Override
    public void text(String part) {
        add(text.count(part));
    }

    @Override
    public void name(String name) {
        add(PER_NAME + text.count(name));
    }

    @Override
    public void data(String json) {
        long whole = text.count(json);
        add(Math.round(whole * SHARE_OF_SCHEMA), whole);
    }

    @Override
    public void tool() {
        add(PER_TOOL, TOOL_AT_MOST);
    }

    @Override
    public void image() {
        add(IMAGE, IMAGE_AT_MOST);
    }
}
