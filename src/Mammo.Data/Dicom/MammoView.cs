namespace Mammo.Data.Dicom;

/// <summary>Views of mammography, with the abbreviations of the ACR's quality control manual (DICOM PS3.16, CID 4014 and 4015).</summary>
public enum MammoView
{
    /// <summary>Cranio-caudal.</summary>
    CC,

    /// <summary>Medio-lateral oblique.</summary>
    MLO,

    /// <summary>Medio-lateral, at 90 degrees: not the oblique view.</summary>
    ML,

    /// <summary>Latero-medial.</summary>
    LM,

    /// <summary>Latero-medial oblique.</summary>
    LMO,

    /// <summary>Caudo-cranial, from below.</summary>
    FB,

    /// <summary>Superolateral to inferomedial oblique.</summary>
    SIO,

    /// <summary>Inferomedial to superolateral oblique.</summary>
    ISO,

    /// <summary>Exaggerated cranio-caudal, the direction not said.</summary>
    XCC,

    /// <summary>Cranio-caudal exaggerated laterally.</summary>
    XCCL,

    /// <summary>Cranio-caudal exaggerated medially.</summary>
    XCCM,

    /// <summary>Axillary tail.</summary>
    AT,

    /// <summary>Cleavage.</summary>
    CV,

    /// <summary>Tangential.</summary>
    TAN,

    /// <summary>A piece of tissue, not a breast.</summary>
    Specimen,

    /// <summary>Another view than these, or one that is not understood.</summary>
    Other,
}
