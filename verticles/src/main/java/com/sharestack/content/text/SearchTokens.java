package com.sharestack.content.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.cjk.CJKWidthFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;
import org.apache.lucene.analysis.tokenattributes.TypeAttribute;

/**
 * Chinese full-text search over a database index that knows only latin words: CJK text as bigrams,
 * other words in lower case, each written as the hex of its UTF-16 units. So a token has 4-80
 * characters (the index of InnoDB takes 3-84), is never a stop word and never a boolean operator.
 */
public final class SearchTokens {
  public static final int MAX_DOCUMENT_TOKENS = 20_000;
  public static final int MAX_QUERY_TOKENS = 32;
  private static final int MAX_QUERY_LENGTH = 400;
  private static final int MAX_TOKEN_UNITS = 20;
  private static final String DOUBLE = CJKBigramFilter.DOUBLE_TYPE;
  private static final String SINGLE = CJKBigramFilter.SINGLE_TYPE;

  private static final Analyzer ANALYZER =
      new Analyzer() {
        @Override
        protected TokenStreamComponents createComponents(String field) {
          StandardTokenizer words = new StandardTokenizer();
          return new TokenStreamComponents(
              words, new CJKBigramFilter(new LowerCaseFilter(new CJKWidthFilter(words))));
        }
      };

  private record Token(String term, boolean singleCjk) {
    String hex() {
      String kept = term.length() <= MAX_TOKEN_UNITS ? term : term.substring(0, MAX_TOKEN_UNITS);
      return kept.chars().mapToObj(c -> String.format("%04x", c)).collect(Collectors.joining());
    }
  }

  private SearchTokens() {}

  /**
   * The tokens of a text, in order and with repeats, parted by blanks; at most {@link
   * #MAX_DOCUMENT_TOKENS}.
   */
  public static String index(String text) {
    return tokens(text, MAX_DOCUMENT_TOKENS, true).stream()
        .map(Token::hex)
        .collect(Collectors.joining(" "));
  }

  /**
   * A boolean-mode query for all words of {@code query}, or "" when it holds none. A lone CJK
   * character matches every word that contains it (index entries start or end with each character
   * of a text).
   */
  public static String query(String query) {
    String bounded =
        query.length() <= MAX_QUERY_LENGTH ? query : query.substring(0, MAX_QUERY_LENGTH);
    var terms = new LinkedHashSet<String>();
    for (Token token : tokens(bounded, MAX_QUERY_LENGTH, false)) {
      if (terms.size() < MAX_QUERY_TOKENS) {
        terms.add("+" + token.hex() + (token.singleCjk() ? "*" : ""));
      }
    }
    return String.join(" ", terms);
  }

  private static List<Token> tokens(String text, int limit, boolean index) {
    List<Token> tokens = new ArrayList<>();
    try (TokenStream stream = ANALYZER.tokenStream("text", text)) {
      var term = stream.addAttribute(CharTermAttribute.class);
      var offset = stream.addAttribute(OffsetAttribute.class);
      var type = stream.addAttribute(TypeAttribute.class);
      stream.reset();
      String bigram = null;
      int bigramEnd = -1;
      while (tokens.size() < limit && stream.incrementToken()) {
        boolean isDouble = type.type().equals(DOUBLE);
        if (index && bigram != null && !(isDouble && offset.startOffset() < bigramEnd)) {
          tokens.add(lastCharacter(bigram));
        }
        tokens.add(new Token(term.toString(), type.type().equals(SINGLE)));
        bigram = isDouble ? term.toString() : null;
        bigramEnd = offset.endOffset();
      }
      if (index && bigram != null && tokens.size() < limit) {
        tokens.add(lastCharacter(bigram));
      }
      stream.end();
    } catch (IOException impossible) {
      throw new UncheckedIOException("reading from memory", impossible);
    }
    return tokens.size() <= limit ? tokens : tokens.subList(0, limit);
  }

  // The last character of a run begins no bigram: entered by itself, a prefix query finds it too.
  private static Token lastCharacter(String bigram) {
    return new Token(bigram.substring(bigram.offsetByCodePoints(bigram.length(), -1)), true);
  }
}
