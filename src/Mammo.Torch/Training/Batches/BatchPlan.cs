using System.Collections.Immutable;
using Mammo.Data.Augmentation;

namespace Mammo.Torch.Training.Batches;

/// <summary>What a batch consists of, before any pixel is read.</summary>
/// <param name="Indices">Positions of its samples in the dataset.</param>
/// <param name="Draws">The random transform of each sample; empty without augmentation.</param>
internal sealed record BatchPlan(ImmutableArray<int> Indices, ImmutableArray<AugmentationDraw> Draws);
