namespace Mammo.Data.Datasets;

/// <summary>A circle; (0, 0) is the centre of the image's top left pixel.</summary>
/// <param name="X">Column of its centre.</param>
/// <param name="Y">Row of its centre, downwards.</param>
/// <param name="Radius">Its radius in pixels.</param>
public sealed record RoiCircle(double X, double Y, double Radius) : RoiShape
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"circle at {X}, {Y}, radius {Radius}");
}
