package com.sharestack.content;

import com.sharestack.contract.Caller;
import com.sharestack.contract.CategoriesListRequest;
import com.sharestack.contract.CategoriesService;
import com.sharestack.contract.CategoryList;
import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.service.Callers;
import io.vertx.core.Future;

/** Operations categories.* of the contract. */
final class CategoriesServiceImpl implements CategoriesService {

  private final Categories categories;

  CategoriesServiceImpl(Categories categories) {
    this.categories = categories;
  }

  @Override
  public Future<CategoryList> list(Caller caller, CategoriesListRequest request) {
    boolean inactive = "inactive".equals(request.status());
    if (inactive && !Callers.may(caller, Viewer.MANAGE)) {
      throw Errors.of(ErrorCode.FORBIDDEN, "reason", "STATUS_FILTER");
    }
    boolean counted = request.includeCount();
    CategoryTree tree = counted ? categories.fresh() : categories.tree();
    return Future.succeededFuture(
        new CategoryList(
            inactive
                ? tree.inactive(request.parentId(), counted)
                : tree.active(request.parentId(), counted)));
  }
}
