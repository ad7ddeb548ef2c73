package com.sharestack.content.text;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * Finds many words in one pass over a text, in time linear in its length (Aho-Corasick). Immutable
 * once built.
 */
final class KeywordMatcher {
  private static final class State {
    final Map<Character, State> next = new HashMap<>();
    State fallback;
    // The next state down the fallback chain that ends a word, so that reporting does not walk the
    // whole chain.
    State nextHit;
    int word = -1;
  }

  private final State root = new State();
  private final List<String> words;
  private final BitSet latin = new BitSet();

  /**
   * @param words normalised, distinct, not empty
   */
  KeywordMatcher(List<String> words) {
    this.words = List.copyOf(words);
    for (int i = 0; i < words.size(); i++) {
      add(words.get(i), i);
    }
    link();
  }

  private void add(String word, int index) {
    State at = root;
    for (char c : word.toCharArray()) {
      at = at.next.computeIfAbsent(c, any -> new State());
    }
    at.word = index;
    latin.set(index, word.codePoints().noneMatch(Words::isCjk));
  }

  private void link() {
    Queue<State> open = new ArrayDeque<>();
    root.fallback = root;
    for (State child : root.next.values()) {
      child.fallback = root;
      open.add(child);
    }
    while (!open.isEmpty()) {
      State at = open.remove();
      at.next.forEach(
          (c, child) -> {
            child.fallback = step(at.fallback, c);
            child.nextHit = child.fallback.word >= 0 ? child.fallback : child.fallback.nextHit;
            open.add(child);
          });
    }
  }

  private State step(State from, char c) {
    State at = from;
    while (at != root && !at.next.containsKey(c)) {
      at = at.fallback;
    }
    return at.next.getOrDefault(c, root);
  }

  /** Indexes of the words found. Words without CJK count only as whole words. */
  BitSet find(NormalText normal) {
    BitSet found = new BitSet();
    CharSequence text = normal.text();
    State at = root;
    for (int i = 0; i < text.length(); i++) {
      at = step(at, text.charAt(i));
      for (State hit = at.word >= 0 ? at : at.nextHit; hit != null; hit = hit.nextHit) {
        int start = i + 1 - words.get(hit.word).length();
        if (!latin.get(hit.word) || normal.isWholeWord(start, i + 1)) {
          found.set(hit.word);
        }
      }
    }
    return found;
  }

  static List<String> distinct(List<List<String>> patterns) {
    return new ArrayList<>(patterns.stream().flatMap(List::stream).distinct().toList());
  }
}
