using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mammo.Codecs.Jpeg2000;

/// <summary>An array that stays where it is, so that the inner loops can hold pointers into it; as long as this object lives.</summary>
internal sealed unsafe class PinnedMemory<T>
    where T : unmanaged
{
    private T[] _items = [];

    /// <summary>Makes room without anything in it.</summary>
    public PinnedMemory(int length) => Grow(length);

    public PinnedMemory(ReadOnlySpan<T> items)
    {
        Grow(items.Length);
        items.CopyTo(_items);
    }

    public T* Pointer { get; private set; }

    public Span<T> Span => _items;

    /// <summary>Makes room for so many items; what was there is lost where it had to grow.</summary>
    public void Grow(int length)
    {
        if (_items.Length >= length)
            return;
        _items = GC.AllocateUninitializedArray<T>(length, pinned: true);
        Pointer = (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_items));
    }
}
