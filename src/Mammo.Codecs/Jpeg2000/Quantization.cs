namespace Mammo.Codecs.Jpeg2000;

/// <summary>The QCD or QCC marker segment (T.800, A.6.4 and A.6.5): exponents and mantissas of the subbands' step sizes.</summary>
/// <param name="GuardBits">Bit planes that there are beyond those of the exponent.</param>
/// <param name="IsDerived">Only the lowest subband's step size is given, and others follow from it.</param>
/// <param name="HasSteps">Coefficients are quantised; else they are integers and there are exponents alone.</param>
/// <param name="Steps">For each subband, from the lowest, the exponent (high five bits) and the mantissa (low 11 bits).</param>
internal sealed record Quantization(int GuardBits, bool IsDerived, bool HasSteps, ushort[] Steps)
{
    /// <summary>The exponent and mantissa of one subband.</summary>
    /// <param name="resolution">Its resolution; 0 is the lowest.</param>
    /// <param name="band">Which one of a resolution's bands: 0 for the lowest resolution, else 1 to 3 for HL, LH and HH.</param>
    public (int Exponent, int Mantissa) Step(int resolution, int band)
    {
        var index = IsDerived || resolution == 0 ? 0 : 3 * (resolution - 1) + band;
        if (index >= Steps.Length)
            throw new CodecException("there are fewer step sizes than subbands");
        // Equation E-5: a subband of a lower level, so a higher resolution, has a smaller exponent.
        var exponent = (Steps[index] >> 11) - (IsDerived ? Math.Max(0, resolution - 1) : 0);
        return exponent >= 0 ? (exponent, Steps[index] & 0x7FF) : throw new CodecException("a derived step size has a negative exponent");
    }

    public static Quantization Read(ref HeaderReader reader)
    {
        var style = reader.Byte();
        var kind = style & 31;
        if (kind > 2)
            throw new CodecException("the quantisation is not one of JPEG 2000 Part 1", isUnsupported: true);
        var steps = new ushort[kind == 0 ? reader.Remaining : kind == 1 ? 1 : reader.Remaining / 2];
        for (var i = 0; i < steps.Length; i++)
            steps[i] = (ushort)(kind == 0 ? reader.Byte() >> 3 << 11 : reader.Short());
        return new Quantization(style >> 5, kind == 1, kind != 0, steps);
    }
}
