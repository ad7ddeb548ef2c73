package com.sharestack.content.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The keyword rules, compiled. Immutable; a changed list is a new instance. */
public final class ModerationRules {
  public static final String RESOURCE = "/content/moderation-rules.txt";
  static final int MAX_RULES = 5_000;

  /** How grave a violation is; from HIGH on, automatic moderation may refuse. */
  public enum Severity {
    LOW,
    MEDIUM,
    HIGH,
    CRITICAL
  }

  /** What was found; deliberately without the words, which must not reach the author. */
  public record Hit(String category, Severity severity, double confidence) {}

  private record Rule(Hit hit, List<String> words) {}

  private final List<Rule> rules;
  private final KeywordMatcher matcher;
  private final Map<String, Integer> indexByWord = new HashMap<>();

  private ModerationRules(List<Rule> rules) {
    this.rules = List.copyOf(rules);
    List<String> words = KeywordMatcher.distinct(rules.stream().map(Rule::words).toList());
    for (int i = 0; i < words.size(); i++) {
      indexByWord.put(words.get(i), i);
    }
    this.matcher = new KeywordMatcher(words);
  }

  /** The rules that ship with the program. */
  public static ModerationRules shipped() {
    try (InputStream in = ModerationRules.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + RESOURCE);
      }
      return parse(
          new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).lines().toList());
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot read " + RESOURCE, unreadable);
    }
  }

  /**
   * Lines {@code category|severity|confidence|pattern}; blank lines and {@code #} comments are
   * skipped.
   */
  public static ModerationRules parse(List<String> lines) {
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      try {
        rules.add(rule(line));
      } catch (IllegalArgumentException malformed) {
        throw new IllegalArgumentException(
            "moderation rule in line " + (i + 1) + ": " + malformed.getMessage());
      }
    }
    if (rules.size() > MAX_RULES) {
      throw new IllegalArgumentException("more than " + MAX_RULES + " moderation rules");
    }
    return new ModerationRules(rules);
  }

  private static Rule rule(String line) {
    String[] fields = line.split("\\|", 4);
    if (fields.length != 4) {
      throw new IllegalArgumentException("expected category|severity|confidence|pattern");
    }
    Severity severity = Severity.valueOf(fields[1].strip().toUpperCase(Locale.ROOT));
    double confidence = Double.parseDouble(fields[2].strip());
    List<String> words =
        Arrays.stream(fields[3].split("&"))
            .map(word -> NormalText.of(word.strip()).text().toString())
            .toList();
    if (!(confidence >= 0 && confidence <= 1) || words.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException("confidence must be 0-1 and every pattern hold a letter");
    }
    return new Rule(new Hit(fields[0].strip(), severity, confidence), words);
  }

  /** Every rule that {@code text} breaks, in the order of the list. */
  public List<Hit> hits(String text) {
    BitSet found = matcher.find(NormalText.of(text));
    return rules.stream()
        .filter(rule -> rule.words().stream().allMatch(word -> found.get(indexByWord.get(word))))
        .map(Rule::hit)
        .toList();
  }
}
