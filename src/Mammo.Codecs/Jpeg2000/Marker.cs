namespace Mammo.Codecs.Jpeg2000;

/// <summary>Codes of marker segments (ITU-T T.800, table A.2; those of other parts where they must be distinguished).</summary>
internal static class Marker
{
    public const int Soc = 0xFF4F;
    public const int Cap = 0xFF50;
    public const int Siz = 0xFF51;
    public const int Cod = 0xFF52;
    public const int Coc = 0xFF53;
    public const int Qcd = 0xFF5C;
    public const int Qcc = 0xFF5D;
    public const int Rgn = 0xFF5E;
    public const int Poc = 0xFF5F;
    public const int Ppm = 0xFF60;
    public const int Ppt = 0xFF61;
    public const int Sot = 0xFF90;
    public const int Sop = 0xFF91;
    public const int Eph = 0xFF92;
    public const int Sod = 0xFF93;
    public const int Eoc = 0xFFD9;

    /// <summary>Markers without a length behind them; passed over, as T.800 asks for those that mean nothing to a reader.</summary>
    public static bool StandsAlone(int marker) => marker is >= 0xFF30 and <= 0xFF3F;

    /// <summary>What changes the samples and is of Part 2: DCO, MCT, MCC, NLT, MCO, CBD, ATK, VMS, DFS, ADS.</summary>
    public static bool IsOfPart2(int marker) => marker is >= 0xFF70 and <= 0xFF79;
}
