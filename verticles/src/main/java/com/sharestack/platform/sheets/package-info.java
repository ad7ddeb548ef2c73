/** Tables as files that people open: CSV and XLSX, written row by row in bounded memory. */
package com.sharestack.platform.sheets;
