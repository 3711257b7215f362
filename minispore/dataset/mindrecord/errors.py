"""The errors of MindRecord files that have names of their own in MindSpore: each is also the built-in one that it is like."""


class MindRecordException(Exception):
    """Any error of these."""


_NAMES = {
    ValueError: "ParamValueError PathNotExistsError MRMInvalidPageSizeError MRMInvalidHeaderSizeError MRMInvalidSchemaError MRMDefineIndexError "
    "MRMDefineBlobError MRMDefineCategoryError MRMBuildSchemaError MRMUnsupportedSchemaError MRMGetMetaError",
    TypeError: "ParamTypeError ParamMissError",
    RuntimeError: "UnknownError DbConnectionError MRMOpenError MRMOpenForAppendError MRMSetHeaderError MRMWriteDatasetError MRMCommitError "
    "MRMLaunchError MRMFinishError MRMCloseError MRMAddSchemaError MRMAddIndexError MRMIndexGeneratorError MRMGenerateIndexError "
    "MRMInitSegmentError MRMFetchCandidateFieldsError MRMReadCategoryInfoError MRMFetchDataError MRMValidateDataError",
}
ERRORS: dict[str, type[Exception]] = {
    name: type(
        name,
        (MindRecordException, like),
        {"__doc__": f"A {like.__name__} of MindRecord files.", "__module__": __name__},
    )
    for like, names in _NAMES.items()
    for name in names.split()
}
globals().update(ERRORS)  # where pickle looks for them
