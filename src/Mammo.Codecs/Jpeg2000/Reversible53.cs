using System.Numerics;

namespace Mammo.Codecs.Jpeg2000;

/// <summary>The reversible 5/3 transform on integers (T.800, F.3.8.1).</summary>
internal unsafe struct Reversible53 : ILifting<int>
{
    public static int Steps => 2;

    public static int Single(int value, bool isHigh) => isHigh ? value >> 1 : value;

    public static void Lift(int step, int* target, int* left, int* right, int count)
    {
        if (step == 0)
            LiftLow(target, left, right, count);
        else
            LiftHigh(target, left, right, count);
    }

    private static void LiftLow(int* target, int* left, int* right, int count)
    {
        var i = 0;
        for (var two = new Vector<int>(2); i <= count - Vector<int>.Count; i += Vector<int>.Count)
            (Vector.Load(target + i) - (Vector.Load(left + i) + Vector.Load(right + i) + two >> 2)).Store(target + i);
        for (; i < count; i++)
            target[i] -= left[i] + right[i] + 2 >> 2;
    }

    private static void LiftHigh(int* target, int* left, int* right, int count)
    {
        var i = 0;
        for (; i <= count - Vector<int>.Count; i += Vector<int>.Count)
            (Vector.Load(target + i) + (Vector.Load(left + i) + Vector.Load(right + i) >> 1)).Store(target + i);
        for (; i < count; i++)
            target[i] += left[i] + right[i] >> 1;
    }
}
