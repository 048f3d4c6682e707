namespace Mammo.Data.Datasets;

/// <summary>Where a region of interest lies: a <see cref="RoiCircle"/>, a <see cref="RoiBox"/> or a <see cref="RoiMask"/>, in pixels of the stored image.</summary>
public abstract record RoiShape
{
    private protected RoiShape()
    {
    }
}
