using TorchSharp;

namespace Mammo.Torch.Training.Optimizers;

/// <summary>a ← ρ·a + (1 - ρ)·g²; u = g·√(d + ε) / √(a + ε); w ← w - rate · u; d ← ρ·d + (1 - ρ)·u².</summary>
internal sealed class Adadelta : Optimizer
{
    private const double Rho = 0.95;

    public Adadelta()
        : base("accumulator", "delta_accumulator")
    {
    }

    protected override void Update(TrainedWeight weight, torch.Tensor gradient, torch.Tensor[] slots, double rate)
    {
        var accumulator = slots[0].mul_(Number.Of(Rho)).addcmul_(gradient, gradient, Number.Of(1 - Rho));
        var update = slots[1].add(Number.Of(Epsilon), Number.Of(1)).sqrt_().mul_(gradient).div_(accumulator.add(Number.Of(Epsilon), Number.Of(1)).sqrt_());
        weight.Value.add_(update, alpha: Number.Of(-rate));
        slots[1].mul_(Number.Of(Rho)).addcmul_(update, update, Number.Of(1 - Rho));
    }
}
