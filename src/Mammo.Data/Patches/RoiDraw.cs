using System.Collections.Immutable;
using Mammo.Data.Images;

namespace Mammo.Data.Patches;

/// <summary>Centres of the patches on one region of interest.</summary>
/// <param name="Centres">Where they are, in the order of drawing.</param>
/// <param name="Cutoff">The overlap that was required at the end.</param>
/// <param name="TimesLowered">How often that had to be lowered.</param>
internal sealed record RoiDraw(ImmutableArray<PixelPoint> Centres, double Cutoff, int TimesLowered);
