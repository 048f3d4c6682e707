namespace Mammo.Codecs.Jpeg;

/// <summary>How the samples of a JPEG stream are coded: what its start-of-frame marker means.</summary>
public enum JpegProcess
{
    /// <summary>One that is not read here: hierarchical or arithmetic coding, or JPEG-LS part 2.</summary>
    Other,

    /// <summary>Baseline sequential DCT, 8 bits (ITU-T T.81, SOF0).</summary>
    Baseline,

    /// <summary>Extended sequential DCT with Huffman coding, 8 or 12 bits (T.81, SOF1).</summary>
    Extended,

    /// <summary>Progressive DCT with Huffman coding (T.81, SOF2).</summary>
    Progressive,

    /// <summary>Lossless prediction with Huffman coding, 2 to 16 bits (T.81 process 14, SOF3).</summary>
    Lossless,

    /// <summary>JPEG-LS, lossless or near-lossless, 2 to 16 bits (ITU-T T.87, SOF55).</summary>
    JpegLs,
}
