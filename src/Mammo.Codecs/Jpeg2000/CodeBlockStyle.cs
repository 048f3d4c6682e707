namespace Mammo.Codecs.Jpeg2000;

/// <summary>Code-block styles (T.800, table A.19).</summary>
[Flags]
internal enum CodeBlockStyle
{
    None = 0,

    /// <summary>Two passes of most bit planes are raw bits.</summary>
    Bypass = 1,

    /// <summary>Contexts start anew in each pass.</summary>
    Reset = 2,

    /// <summary>Each pass is a codeword segment of its own.</summary>
    TerminateAll = 4,

    /// <summary>Contexts do not look into the next stripe.</summary>
    VerticallyCausal = 8,

    /// <summary>Segments end in a way that shows damage; they are decoded like any others.</summary>
    PredictableTermination = 16,

    /// <summary>Each bit plane ends with the symbols 1010.</summary>
    SegmentationSymbols = 32,
}
