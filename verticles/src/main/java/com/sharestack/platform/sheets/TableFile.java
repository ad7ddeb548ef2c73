package com.sharestack.platform.sheets;

import java.io.IOException;
import java.util.List;

/** A file that takes the rows of one table, then the summary, and is complete after that. */
public interface TableFile extends AutoCloseable {

  /**
   * @param cells as the columns say, in their order
   */
  void row(List<Object> cells) throws IOException;

  /** Emphasised where the format can. */
  void totalRow(List<Object> cells) throws IOException;

  /** Writes what is left; may take seconds. */
  void end(List<Block> summary) throws IOException;

  /** Lets go of temporary files; {@link #end} comes first when the file is wanted. */
  @Override
  void close() throws IOException;
}
